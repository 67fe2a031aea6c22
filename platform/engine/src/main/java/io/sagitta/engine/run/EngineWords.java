package io.sagitta.engine.run;

import io.sagitta.engine.Plan;
import io.sagitta.engine.RowMemory;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What messages may tell of DuckDB's errors. It likes to quote the values that they are about;
 * where a pipeline has sensitive columns, messages say the kind of an error and no more, and do not
 * carry the exception along, which would end in a log.
 *
 * @param quotes whether messages may show values
 */
record EngineWords(boolean quotes) {
  /** Kinds of errors on the values of some row: a cast, an overflow, a function's own refusal. */
  private static final List<String> OF_VALUES =
      List.of("Conversion Error", "Out of Range Error", "Invalid Input Error");

  /** Kinds of errors that speak of queries and of the machine, never of rows. */
  private static final List<String> OF_NO_VALUES =
      List.of("IO Error", "INTERRUPT Error", "Binder Error", "Catalog Error");

  private static final String OUT_OF_MEMORY = "Out of Memory Error: ";
  private static final String MORE_MEMORY =
      "Raise engineMegabytes of the node, or quota.memory of the tenant in the policy if it is less";

  private static final Pattern KIND = Pattern.compile("((?:\\w+ ){1,4}Error): (.*)");

  /** How DuckDB calls a statement that was broken before it met a row. */
  private static final String BROKEN = "unsuccessful or closed pending query";

  /** Returns those for a task of {@code plan}. */
  static EngineWords of(Plan plan) {
    return new EngineWords(plan.sensitive().isEmpty());
  }

  /** Returns {@code e} as the fault of a row's values; empty if it is none. */
  Optional<ValueError> valueError(SQLException e) {
    if (RowMemory.isSpent(e)) {
      return Optional.empty();
    }
    String line = firstLine(e);
    Matcher matcher = KIND.matcher(line);
    if (line.contains(BROKEN) || !matcher.matches() || !OF_VALUES.contains(matcher.group(1))) {
      return Optional.empty();
    }
    return Optional.of(
        new ValueError(matcher.group(2), quotes ? matcher.group(2) : left(matcher.group(1))));
  }

  /**
   * Returns {@code e} as the failure of {@code stage}.
   *
   * @param what goes before DuckDB's words
   */
  EngineException failure(String stage, String what, SQLException e) {
    String line = firstLine(e);
    if (RowMemory.isSpent(e)) {
      return new EngineException(stage, what + line, e);
    }
    if (line.startsWith(OUT_OF_MEMORY)) {
      // What DuckDB advises further is not for authors to set.
      return new EngineException(stage, what + line + ". " + MORE_MEMORY, e);
    }
    Matcher matcher = KIND.matcher(line);
    if (quotes || (matcher.matches() && OF_NO_VALUES.contains(matcher.group(1)))) {
      return new EngineException(stage, what + e.getMessage(), e);
    }
    return new EngineException(stage, what + left(matcher.matches() ? matcher.group(1) : "error"));
  }

  private static String left(String kind) {
    return kind
        + "; what the engine says of it is left out, since the pipeline has sensitive columns";
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
