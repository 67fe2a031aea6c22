package io.sagitta.engine.run;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A query that fails on the values of some row: a cast, an overflow, a function's own refusal. */
final class ValueError extends Exception {
  private static final long serialVersionUID = 1L;
  private static final List<String> PREFIXES =
      List.of("Conversion Error: ", "Out of Range Error: ", "Invalid Input Error: ");

  /** How DuckDB calls a statement that was broken before it met a row. */
  private static final String BROKEN = "unsuccessful or closed pending query";

  private ValueError(String message) {
    super(message);
  }

  /** Returns the error of {@code e} in one line, if it is about values. */
  static Optional<ValueError> of(SQLException e) {
    String message = String.valueOf(e.getMessage());
    String line = message.lines().findFirst().orElse("");
    if (line.contains(BROKEN)) {
      return Optional.empty();
    }
    return PREFIXES.stream()
        .filter(line::startsWith)
        .findFirst()
        .map(prefix -> new ValueError(line.substring(prefix.length())));
  }

  /** Returns what was wrong with the value. */
  String detail() {
    return String.valueOf(getMessage());
  }
}
