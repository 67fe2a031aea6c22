package io.sagitta.definition;

import java.util.List;
import java.util.Optional;

/**
 * A table of a database.
 *
 * @param key columns of the primary key: rows are upserted; if empty they are inserted
 */
public record JdbcSink(
    List<String> inputs,
    String url,
    Optional<String> user,
    Optional<String> password,
    String table,
    List<String> key)
    implements Sink {
  public JdbcSink {
    inputs = List.copyOf(inputs);
    key = List.copyOf(key);
  }
}
