package io.sagitta.connectors.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkWriter;
import io.sagitta.definition.JdbcSink;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbSinkTest extends JdbcSinkContract {
  @TempDir private Path folder = Path.of("");

  @Override
  String url() {
    return "jdbc:duckdb:" + folder.resolve("board.duckdb");
  }

  @Override
  String doubleType() {
    return "double";
  }

  @Test
  void write_schemaCalledLikeTheFile_isFound() throws Exception {
    execute("CREATE SCHEMA board");
    JdbcSink sink =
        new JdbcSink(
            List.of("in"), url(), Optional.empty(), Optional.empty(), "board.rows", List.of("id"));
    try (SinkWriter writer =
        new JdbcSinkConnector().open(sink, Reach.free(Path.of("")), "t/0", NUMBERS, allocator)) {
      write(writer, 1, NUMBERS, List.of(number(1)));
      writer.commit(1);
    }
    assertThat(query("SELECT * FROM board.board.rows")).containsExactly(number(1));
  }

  @Test
  void open_inMemory_isRefused() {
    for (String url : List.of("jdbc:duckdb:", "jdbc:duckdb::memory:", "jdbc:duckdb:a;threads=1")) {
      assertRefused(url, "is no DuckDB file");
    }
  }

  @Test
  void open_noSuchFolder_saysSo() {
    assertRefused("jdbc:duckdb:" + folder.resolve("absent/ops.duckdb"), "there is no folder");
  }

  private void assertRefused(String url, String message) {
    JdbcSink sink =
        new JdbcSink(List.of("in"), url, Optional.empty(), Optional.empty(), "t", List.of());
    assertThatThrownBy(
            () ->
                new JdbcSinkConnector()
                    .open(sink, Reach.free(Path.of("")), "t/0", NUMBERS, allocator))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining(message);
  }
}
