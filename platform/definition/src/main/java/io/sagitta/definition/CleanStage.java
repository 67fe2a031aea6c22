package io.sagitta.definition;

import java.util.List;
import java.util.Map;

/**
 * Converts units and sends rows that break an expectation to quarantine.
 *
 * @param units column to the unit wanted; the result is a double
 * @param expect name of an expectation to a boolean SQL expression over converted values; NULL
 *     passes
 */
public record CleanStage(List<String> inputs, Map<String, String> units, Map<String, String> expect)
    implements Stage {
  public CleanStage {
    inputs = List.copyOf(inputs);
    units = OrderedMap.copyOf(units);
    expect = OrderedMap.copyOf(expect);
  }
}
