package io.sagitta.engine.plan;

import java.util.List;
import javax.measure.Unit;

/**
 * One unit as people write it.
 *
 * @param symbol the one that messages and metadata use, such as {@code km/h}
 * @param aliases other spellings, such as {@code kph}
 * @param name in words
 * @param quantity what it measures; only units of one quantity convert into each other
 * @param unit the library's unit
 */
public record UnitSymbol(
    String symbol, List<String> aliases, String name, String quantity, Unit<?> unit) {
  public UnitSymbol {
    aliases = List.copyOf(aliases);
  }
}
