package io.sagitta.connectors.jdbc;

import static io.sagitta.connectors.PlainRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkWriter;
import io.sagitta.definition.JdbcSink;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresSinkTest extends JdbcSinkContract {
  private Postgres postgres;
  private String url = "";

  @BeforeAll
  void startServer() throws Exception {
    postgres = Postgres.start();
  }

  @BeforeEach
  void createDatabase() throws Exception {
    url = postgres.newDatabase();
  }

  @AfterAll
  void stopServer() throws Exception {
    postgres.close();
  }

  @Override
  String url() {
    return url;
  }

  @Override
  String doubleType() {
    return "double precision";
  }

  private SinkWriter openAt(String address) throws ConnectorException {
    JdbcSink sink =
        new JdbcSink(
            List.of("in"),
            address,
            Optional.of("postgres"),
            Optional.of("postgres"),
            "t",
            List.of());
    return new JdbcSinkConnector().open(sink, Reach.free(Path.of("")), "t/0", NUMBERS, allocator);
  }

  @Test
  void open_serverIsDown_namesHostAndPort() {
    assertThatThrownBy(() -> openAt("jdbc:postgresql://127.0.0.1:1/ops"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("PostgreSQL at 127.0.0.1:1/ops cannot be reached")
        .hasMessageContaining("Check url, and that the server runs");
  }

  @Test
  void open_noSuchDatabase_saysSo() {
    assertThatThrownBy(() -> openAt(url + "_absent"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("has no such database");
  }

  @Test
  void open_parameterThatLoadsClasses_isRefused() {
    assertThatThrownBy(() -> openAt(url + "?sslmode=disable&socketFactory=evil.Factory&password=x"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("parameter socketFactory, password is not allowed");
  }

  @Test
  void open_otherDriver_isRefused() {
    assertThatThrownBy(() -> openAt("jdbc:h2:mem:x;INIT=RUNSCRIPT"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("'jdbc:h2:mem:x…' is not served")
        .hasMessageContaining("jdbc:postgresql://");
  }

  @Test
  void write_nulCharacter_namesColumnAndRow() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      assertThatThrownBy(() -> write(writer, 1, NUMBERS, List.of(number(1), row(2L, "bad\0text"))))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("Column name, row 2 of the batch")
          .hasMessageContaining("bad\\u0000text");
    }
    assertThat(visible(NUMBERS)).isEmpty();
  }

  @Test
  void write_refusedRowsWithSensitiveColumn_areNotShown() throws Exception {
    FieldType sensitive =
        new FieldType(true, ArrowType.Utf8.INSTANCE, null, Map.of("sensitive", "true"));
    Schema cards =
        new Schema(
            List.of(
                Field.notNullable("id", new ArrowType.Int(64, true)),
                new Field("card", sensitive, List.of())));
    execute(
        "CREATE TABLE ops_rows (id bigint, card text, CONSTRAINT short CHECK (length(card) < 9))");
    try (SinkWriter writer = open("t/0", cards)) {
      assertThatThrownBy(() -> write(writer, 1, cards, List.of(row(1L, "4929-0000-1111"))))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("SQLSTATE 23514")
          .hasMessageContaining("constraint short")
          .hasMessageContaining("card is sensitive")
          .satisfies(e -> assertThat(trace(e)).doesNotContain("4929"));
    }
    try (SinkWriter writer = open("t/0", cards)) {
      assertThatThrownBy(() -> write(writer, 1, cards, List.of(row(1L, "4929\0"))))
          .hasMessageContaining("Column card, row 1")
          .satisfies(e -> assertThat(trace(e)).doesNotContain("4929"));
    }
  }

  @Test
  void write_refusedRowsWithoutSensitiveColumn_areShown() throws Exception {
    execute(
        "CREATE TABLE ops_rows (id bigint, name text, CONSTRAINT short CHECK (length(name) < 9))");
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      assertThatThrownBy(() -> write(writer, 1, NUMBERS, List.of(row(1L, "4929-0000-1111"))))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("4929-0000-1111");
    }
  }

  /** All that a log would have of it. */
  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void write_serverStopsInBetween_failsAndCloses() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      write(writer, 1, NUMBERS, List.of(number(1)));
      Postgres.execute(
          url,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
              + " 'sagitta' AND datname = current_database()");
      assertThatThrownBy(() -> writer.commit(1)).isInstanceOf(ConnectorException.class);
    }
    try (SinkWriter again = open("t/0", NUMBERS)) {
      assertThat(again.committedStep()).isZero();
    }
    assertThat(visible(NUMBERS)).isEmpty();
  }

  @Test
  void write_wholeRangeOfTimes_comesBack() throws Exception {
    Schema times =
        new Schema(
            List.of(
                Field.nullable("id", new ArrowType.Int(64, true)),
                Field.nullable("at", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"))));
    try (SinkWriter writer = open("t/0", times);
        var batch = org.apache.arrow.vector.VectorSchemaRoot.create(times, allocator)) {
      var at = (org.apache.arrow.vector.TimeStampMicroTZVector) batch.getVector(1);
      at.setSafe(0, Long.MAX_VALUE);
      at.setSafe(1, -Long.MAX_VALUE);
      batch.setRowCount(2);
      writer.write(1, batch);
      at.setSafe(0, Long.MAX_VALUE - 1);
      batch.setRowCount(1);
      assertThatThrownBy(() -> writer.write(2, batch))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("beyond PostgreSQL's timestamps");
    }
    try (SinkWriter writer = open("t/0", times)) {
      assertThat(writer.committedStep()).isZero();
    }
  }
}
