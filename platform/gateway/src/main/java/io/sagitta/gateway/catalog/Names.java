package io.sagitta.gateway.catalog;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of names for problem replies. */
public final class Names {
  private static final int SHOWN = 20;

  private Names() {}

  /** Returns a sentence such as {@code It has: a, b.}, of the first 20 names. */
  public static String listed(String lead, Collection<String> names) {
    if (names.isEmpty()) {
      return lead + ": none.";
    }
    String more = names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "";
    return names.stream().sorted().limit(SHOWN).collect(Collectors.joining(", ", lead + ": ", more))
        + ".";
  }
}
