package io.sagitta.connectors.jdbc;

import static io.sagitta.connectors.PlainRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.PlainRows;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkContract;
import io.sagitta.connectors.SinkWriter;
import io.sagitta.definition.JdbcSink;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for every database. */
abstract class JdbcSinkContract extends SinkContract {
  /** Returns the URL of this test's database. */
  abstract String url();

  /** Returns the name of the DOUBLE type. */
  abstract String doubleType();

  private List<String> key = List.of();

  @BeforeEach
  void insert() {
    key = List.of();
  }

  @Override
  protected SinkWriter open(String task, Schema schema) throws Exception {
    return new JdbcSinkConnector()
        .open(sink(key), Reach.free(Path.of("")), task, schema, allocator);
  }

  private JdbcSink sink(List<String> key) {
    return new JdbcSink(
        List.of("in"), url(), Optional.of("postgres"), Optional.of("postgres"), "ops_rows", key);
  }

  @Override
  protected List<List<@Nullable Object>> visible(Schema schema) throws Exception {
    return query("SELECT * FROM ops_rows ORDER BY 1");
  }

  @Override
  protected List<String> leftovers() {
    return List.of();
  }

  List<List<@Nullable Object>> query(String sql) throws SQLException {
    try (Connection connection = Postgres.connect(url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return PlainRows.of(rows);
    }
  }

  void execute(String... statements) throws SQLException {
    Postgres.execute(url(), statements);
  }

  @Test
  void upsert_sameKeyTwice_lastWins() throws Exception {
    key = List.of("id");
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      write(writer, 1, NUMBERS, List.of(row(1L, "a"), row(2L, "b"), row(1L, "c")));
      write(writer, 2, NUMBERS, List.of(row(2L, "d"), row(3L, null)));
      writer.commit(2);
      assertThat(visible(NUMBERS)).containsExactly(row(1L, "c"), row(2L, "d"), row(3L, null));
      write(writer, 3, NUMBERS, List.of(row(3L, "e"), row(4L, "f")));
      writer.commit(3);
    }
    assertThat(visible(NUMBERS))
        .containsExactly(row(1L, "c"), row(2L, "d"), row(3L, "e"), row(4L, "f"));
  }

  @Test
  void upsert_manyRows_keepsTheLastOfEachKey() throws Exception {
    key = List.of("id");
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      for (int step = 1; step <= 4; step++) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
          rows.add(row((long) (i % 5_000), "step " + step + " row " + i));
        }
        write(writer, step, NUMBERS, rows);
        if (step % 2 == 0) {
          writer.commit(step);
        }
      }
    }
    List<List<@Nullable Object>> seen = visible(NUMBERS);
    assertThat(seen).hasSize(5_000);
    assertThat(seen.get(4_321)).isEqualTo(row(4_321L, "step 4 row 19321"));
  }

  @Test
  void upsert_keyOnly_keepsOneRow() throws Exception {
    key = List.of("id", "name");
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      write(writer, 1, NUMBERS, List.of(number(1), number(1)));
      writer.commit(1);
      write(writer, 2, NUMBERS, List.of(number(1)));
      writer.commit(2);
    }
    assertThat(visible(NUMBERS)).containsExactly(number(1));
  }

  @Test
  void upsert_withoutUniqueKey_isRefused() throws Exception {
    execute("CREATE TABLE ops_rows (id bigint NOT NULL, name text)");
    key = List.of("id");
    assertThatThrownBy(() -> open("t/0", NUMBERS))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("no primary key or unique constraint on exactly (id)")
        .hasMessageContaining("ADD PRIMARY KEY (\"id\")");
  }

  @Test
  void open_existingTable_widerColumnsTakeTheRows() throws Exception {
    execute(
        "CREATE TABLE ops_rows (id bigint, small bigint, price "
            + doubleType()
            + ", note text DEFAULT 'none')");
    Schema narrow =
        new Schema(
            List.of(
                Field.nullable(
                    "price",
                    new ArrowType.FloatingPoint(
                        org.apache.arrow.vector.types.FloatingPointPrecision.SINGLE)),
                Field.nullable("id", new ArrowType.Int(64, true)),
                Field.nullable("small", new ArrowType.Int(16, true))));
    try (SinkWriter writer = open("t/0", narrow)) {
      write(writer, 1, narrow, List.of(row(1.5f, 1L, -7L)));
      writer.commit(1);
    }
    assertThat(visible(narrow)).containsExactly(row(1L, -7L, 1.5, "none"));
  }

  @Test
  void open_existingTableThatDoesNotFit_namesEveryMismatch() throws Exception {
    execute("CREATE TABLE ops_rows (id integer, extra text NOT NULL)");
    assertThatThrownBy(() -> open("t/0", NUMBERS))
        .isInstanceOf(ConnectorException.class)
        .hasMessageMatching("(?is).*column id is integer but the rows bring bigint.*")
        .hasMessageContaining("column name (")
        .hasMessageContaining("is missing")
        .hasMessageContaining("column extra must not be NULL");
  }

  @Test
  void open_columnWithoutSqlType_saysHowToMend() {
    Schema lists = new Schema(List.of(Field.nullable("tags", new ArrowType.List())));
    assertThatThrownBy(() -> open("t/0", lists))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("column tags has no SQL type")
        .hasMessageContaining("to_json");
  }

  @Test
  void write_schemaQualifiedTable_commitsBesideIt() throws Exception {
    execute("CREATE SCHEMA ops");
    JdbcSink sink =
        new JdbcSink(
            List.of("in"),
            url(),
            Optional.of("postgres"),
            Optional.of("postgres"),
            "ops.rows",
            List.of("id"));
    try (SinkWriter writer =
        new JdbcSinkConnector().open(sink, Reach.free(Path.of("")), "t/0", NUMBERS, allocator)) {
      write(writer, 1, NUMBERS, List.of(number(1)));
      writer.commit(1);
    }
    assertThat(query("SELECT id FROM ops.rows")).containsExactly(row(1L));
    assertThat(query("SELECT task, step FROM ops.sagitta_commits")).containsExactly(row("t/0", 1L));
  }

  @Test
  void open_manyTasksAtOnce_createTheTableOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Long>> openings = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String task = "t/" + i;
        openings.add(
            () -> {
              try (SinkWriter writer = open(task, NUMBERS)) {
                return writer.committedStep();
              }
            });
      }
      for (Future<Long> opened : pool.invokeAll(openings)) {
        assertThat(opened.get()).isZero();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(query("SELECT count(*) FROM sagitta_commits")).containsExactly(row(8L));
  }

  @Test
  void due_nothingWaits_isAtOnce() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      write(writer, 1, NUMBERS, List.of(number(1)));
      assertThat(writer.due(Instant.EPOCH, true)).isFalse();
      assertThat(writer.due(Instant.EPOCH, false)).isTrue();
      assertThat(writer.due(Instant.EPOCH.plusMillis(999), true)).isFalse();
      assertThat(writer.due(Instant.EPOCH.plusMillis(1000), true)).isTrue();
    }
  }
}
