package io.sagitta.connectors.jdbc;

import static io.sagitta.connectors.PlainRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.PlainRows;
import io.sagitta.connectors.Reach;
import io.sagitta.definition.JdbcTable;
import io.sagitta.definition.Schema;
import io.sagitta.engine.WireSchemas;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JdbcTableTest {
  private static final org.apache.arrow.vector.types.pojo.Schema AIRPORTS =
      new org.apache.arrow.vector.types.pojo.Schema(
          List.of(
              Field.notNullable("iata", ArrowType.Utf8.INSTANCE),
              Field.nullable("runways", new ArrowType.Int(32, true)),
              Field.nullable("lat", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
              Field.nullable("fee", new ArrowType.Decimal(8, 2, 128)),
              Field.nullable("opened", new ArrowType.Date(DateUnit.DAY)),
              Field.nullable("seen", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
              Field.nullable("hub", ArrowType.Bool.INSTANCE)));

  private final BufferAllocator allocator = new RootAllocator();
  private Postgres postgres;
  @TempDir private Path folder = Path.of("");
  private int files;

  @BeforeAll
  void start() throws Exception {
    postgres = Postgres.start();
  }

  @AfterEach
  void nothingLeaks() {
    assertThat(allocator.getAllocatedMemory()).isZero();
  }

  @AfterAll
  void stop() throws Exception {
    allocator.close();
    postgres.close();
  }

  enum Kind {
    POSTGRESQL,
    DUCKDB
  }

  private String newDatabase(Kind kind) throws Exception {
    String url =
        kind == Kind.POSTGRESQL
            ? postgres.newDatabase()
            : "jdbc:duckdb:" + folder.resolve(files++ + ".duckdb");
    Postgres.execute(
        url,
        "CREATE TABLE airports (iata varchar, runways bigint, lat decimal(9,4), fee decimal(10,3),"
            + " opened date, seen timestamp with time zone, hub boolean)",
        "INSERT INTO airports VALUES ('LAS', 4, 36.08, 12.500, DATE '1942-10-01',"
            + " '2001-01-01 00:00:00.000001+01', true), ('PHL', NULL, NULL, NULL, NULL, NULL,"
            + " NULL)");
    return url;
  }

  private List<List<@Nullable Object>> load(String url, String query) throws Exception {
    return load(url, query, AIRPORTS);
  }

  private List<List<@Nullable Object>> load(
      String url, String query, org.apache.arrow.vector.types.pojo.Schema schema) throws Exception {
    JdbcTable table =
        new JdbcTable(
            url,
            Optional.of("postgres"),
            Optional.of("postgres"),
            query,
            Optional.empty(),
            new Schema(List.of()),
            List.of("iata"));
    byte[] bytes = new JdbcTableConnector().load(table, Reach.free(Path.of("")), schema, allocator);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (ArrowStreamReader reader =
        new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
      while (reader.loadNextBatch()) {
        rows.addAll(PlainRows.of(reader.getVectorSchemaRoot()));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void load_query_givesTheDeclaredTypes(Kind kind) throws Exception {
    assertThat(load(newDatabase(kind), "SELECT hub, * FROM airports ORDER BY iata"))
        .containsExactly(
            row(
                "LAS",
                4L,
                36.08,
                new BigDecimal("12.50"),
                LocalDate.of(1942, 10, 1),
                Instant.parse("2000-12-31T23:00:00.000001Z"),
                true),
            row("PHL", null, null, null, null, null, null));
  }

  @ParameterizedTest
  @EnumSource
  void load_repeatedKey_namesKeyAndRows(Kind kind) throws Exception {
    String url = newDatabase(kind);
    assertThatThrownBy(
            () ->
                load(url, "SELECT * FROM airports UNION ALL SELECT * FROM airports ORDER BY iata"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("the key iata = LAS is in row 1 and again in row 2")
        .hasMessageContaining("the key iata = PHL is in row 3 and again in row 4");
  }

  @ParameterizedTest
  @EnumSource
  void load_numberTooLarge_namesRowAndColumn(Kind kind) throws Exception {
    String url = newDatabase(kind);
    Postgres.execute(url, "UPDATE airports SET runways = 3000000000 WHERE iata = 'LAS'");
    assertThatThrownBy(() -> load(url, "SELECT * FROM airports ORDER BY iata"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("row 1, column runways: 3000000000 is no whole number from");
  }

  @ParameterizedTest
  @EnumSource
  void load_sensitiveColumn_noMessageQuotesAValue(Kind kind) throws Exception {
    String url = newDatabase(kind);
    Postgres.execute(url, "UPDATE airports SET runways = 3000000000 WHERE iata = 'LAS'");
    var schema =
        new org.apache.arrow.vector.types.pojo.Schema(
            AIRPORTS.getFields().stream()
                .map(
                    field ->
                        new Field(
                            field.getName(),
                            new FieldType(
                                true, field.getType(), null, Map.of(WireSchemas.SENSITIVE, "true")),
                            null))
                .toList());

    assertThatThrownBy(() -> load(url, "SELECT * FROM airports ORDER BY iata", schema))
        .hasMessageContaining("row 1, column runways, which is sensitive: the value does not fit")
        .hasMessageNotContaining("3000000000");
    assertThatThrownBy(() -> load(url, "SELECT CAST(iata AS int) FROM airports", schema))
        .hasMessageContaining("What the database says of the rows is left out");
    Postgres.execute(url, "UPDATE airports SET runways = 1, iata = 'LAS'");
    assertThatThrownBy(() -> load(url, "SELECT * FROM airports", schema))
        .hasMessageContaining("the key iata is in row 1 and again in row 2")
        .hasMessageNotContaining("LAS");
  }

  @ParameterizedTest
  @EnumSource
  void load_requiredValueMissing_namesRow(Kind kind) throws Exception {
    String url = newDatabase(kind);
    Postgres.execute(url, "UPDATE airports SET iata = NULL WHERE iata = 'PHL'");
    assertThatThrownBy(() -> load(url, "SELECT * FROM airports ORDER BY hub"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("has no iata");
  }

  @ParameterizedTest
  @EnumSource
  void load_missingColumn_namesWhatThereIs(Kind kind) throws Exception {
    String url = newDatabase(kind);
    assertThatThrownBy(() -> load(url, "SELECT iata AS code FROM airports"))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining(
            "yields no column iata, runways, lat, fee, opened, seen, hub, only code");
  }

  @ParameterizedTest
  @EnumSource
  void load_queryThatWrites_isRefused(Kind kind) throws Exception {
    String url = newDatabase(kind);
    assertThatThrownBy(() -> load(url, "DELETE FROM airports RETURNING *"))
        .isInstanceOf(ConnectorException.class);
    assertThat(load(url, "SELECT * FROM airports")).hasSize(2);
  }

  @Test
  void load_duckDbQueryOverOtherFiles_isRefused() throws Exception {
    String url = newDatabase(Kind.DUCKDB);
    Path secret = Files.writeString(folder.resolve("secret.csv"), "iata\nLAS\n");
    try (Connection open = Postgres.connect(url)) {
      assertThatThrownBy(() -> load(url, "SELECT * FROM read_csv('" + secret + "')"))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("disabled by configuration");
      Postgres.execute(url, "INSERT INTO airports (iata) VALUES ('SFO')", "CHECKPOINT");
      assertThat(load(url, "SELECT * FROM airports")).hasSize(3);
      assertThat(open.isClosed()).isFalse();
    }
  }
}
