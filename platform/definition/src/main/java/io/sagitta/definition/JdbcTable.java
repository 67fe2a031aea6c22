package io.sagitta.definition;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The result of a query on a database, taken as a whole.
 *
 * @param refresh after how long it is taken anew; only once if empty
 */
public record JdbcTable(
    String url,
    Optional<String> user,
    Optional<String> password,
    String query,
    Optional<Duration> refresh,
    Schema schema,
    List<String> key)
    implements Table {
  public JdbcTable {
    key = List.copyOf(key);
  }
}
