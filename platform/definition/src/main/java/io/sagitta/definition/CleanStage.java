package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;
import java.util.Map;

/** Converts units and sends rows that break an expectation to quarantine. */
@Kind(
    value = "clean",
    doc =
        "Converts units, then sends rows that break an expectation to quarantine. It has one input"
            + " and keeps its columns.",
    example =
        """
        clean:
          type: clean
          inputs: [flights]
          units: {distance: km, delay: s}
          expect:
            distance is positive: distance > 0
        """)
public record CleanStage(
    @Option(
            doc = "Sources and stages whose rows it takes",
            example = "[clean]",
            syntax = Syntax.IDENTIFIER,
            required = true)
        List<String> inputs,
    @Option(
            doc =
                "Units wanted, by column: numbers are converted from the declared unit, to double",
            example = "{distance: km}",
            keys = Syntax.COLUMN)
        Map<String, String> units,
    @Option(
            doc =
                "Expectations: a name, and a row-local boolean SQL expression over converted values. A"
                    + " row for which it is false goes to quarantine with that name; NULL passes",
            example = "{distance is positive: distance > 0}",
            syntax = Syntax.SQL)
        Map<String, String> expect)
    implements Stage {
  public CleanStage {
    inputs = List.copyOf(inputs);
    units = OrderedMap.copyOf(units);
    expect = OrderedMap.copyOf(expect);
  }
}
