package io.sagitta.connectors.file;

import static io.sagitta.connectors.PlainRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.FencedException;
import io.sagitta.connectors.PlainRows;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkContract;
import io.sagitta.connectors.SinkWriter;
import io.sagitta.definition.ParquetSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetSinkTest extends SinkContract {
  private static final Schema FLIGHTS =
      new Schema(
          List.of(
              Field.nullable("id", new ArrowType.Int(64, true)),
              Field.nullable("origin", ArrowType.Utf8.INSTANCE),
              Field.nullable("date", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"))));

  @TempDir private Path folder = Path.of("");

  private Path lake() {
    return folder.resolve("it's a lake");
  }

  @Override
  protected SinkWriter open(String task, Schema schema) throws Exception {
    return open(task, schema, List.of(), 1 << 20);
  }

  private SinkWriter open(String task, Schema schema, List<String> partitionBy, long rollBytes)
      throws ConnectorException {
    ParquetSink sink =
        new ParquetSink(
            List.of("in"), lake().toString(), partitionBy, rollBytes, Duration.ofMinutes(5));
    return new ParquetSinkConnector().open(sink, Reach.free(Path.of("")), task, schema, allocator);
  }

  @Override
  protected List<List<@Nullable Object>> visible(Schema schema) throws Exception {
    return parquetFiles().isEmpty()
        ? List.of()
        : query(
            "SELECT "
                + schema.getFields().stream()
                    .map(f -> PartitionColumn.quote(f.getName()))
                    .collect(Collectors.joining(", "))
                + " FROM '%s/**/*.parquet' ORDER BY id");
  }

  private List<List<@Nullable Object>> query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(sql.formatted(lake().toString().replace("'", "''")))) {
      return PlainRows.of(rows);
    }
  }

  private List<String> parquetFiles() throws Exception {
    return files().stream().filter(f -> f.endsWith(".parquet")).toList();
  }

  private List<String> files() throws Exception {
    try (Stream<Path> files = Files.walk(lake())) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> lake().relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  @Override
  protected List<String> leftovers() throws Exception {
    try (Stream<Path> files = Files.walk(lake().resolve("_sagitta"), 3)) {
      List<String> left =
          files
              .filter(f -> lake().relativize(f).getNameCount() == 3)
              .map(f -> String.valueOf(f.getFileName()))
              .filter(f -> !f.matches("\\d{19}\\.json"))
              .collect(Collectors.toCollection(ArrayList::new));
      files().stream().filter(f -> !f.matches(".*\\.(parquet|json)")).forEach(left::add);
      return left;
    }
  }

  private static List<@Nullable Object> flight(long id, @Nullable String origin, String date) {
    return row(id, origin, Instant.parse(date));
  }

  @Test
  void commit_partitioned_makesHiveFolders() throws Exception {
    try (SinkWriter writer = open("t/0", FLIGHTS, List.of("month(date)", "origin"), 1 << 20)) {
      write(
          writer,
          1,
          FLIGHTS,
          List.of(
              flight(1, "LAS", "2001-01-31T23:59:59Z"),
              flight(2, "LAS", "2001-02-01T00:00:00Z"),
              flight(3, null, "2001-02-01T00:00:00Z"),
              flight(4, "", "2001-02-01T00:00:00Z"),
              flight(5, "a/b=c é", "2001-02-01T00:00:00Z"),
              row(6L, "LAS", null)));
      writer.commit(1);
    }
    assertThat(parquetFiles().stream().map(f -> f.replaceFirst("/[^/]*$", "")))
        .containsExactlyInAnyOrder(
            "date_month=2001-01/origin=LAS",
            "date_month=2001-02/origin=LAS",
            "date_month=2001-02/origin=__HIVE_DEFAULT_PARTITION__",
            "date_month=2001-02/origin=",
            "date_month=2001-02/origin=a%2Fb%3Dc%20%C3%A9",
            "date_month=__HIVE_DEFAULT_PARTITION__/origin=LAS");
    assertThat(
            query(
                "SELECT id, date_month, origin FROM read_parquet('%s/**/*.parquet',"
                    + " hive_partitioning = true) ORDER BY id"))
        .containsExactly(
            row(1L, "2001-01", "LAS"),
            row(2L, "2001-02", "LAS"),
            row(3L, "2001-02", null),
            row(4L, "2001-02", ""),
            row(5L, "2001-02", "a/b=c é"),
            row(6L, null, "LAS"));
    assertThat(
            query(
                "SELECT DISTINCT id FROM read_parquet('%s/**/*.parquet') WHERE date_month = '2001-02' ORDER BY 1"))
        .hasSize(4);
  }

  @Test
  void commit_everyUnitOfTime_namesAsIcebergDoes() throws Exception {
    try (SinkWriter writer =
        open("t/0", FLIGHTS, List.of("year(date)", "day(date)", "hour(date)"), 1 << 20)) {
      write(writer, 1, FLIGHTS, List.of(flight(1, "LAS", "2001-01-31T23:59:59Z")));
      writer.commit(1);
    }
    assertThat(parquetFiles().get(0))
        .startsWith("date_year=2001/date_day=2001-01-31/date_hour=2001-01-31-23/");
    assertThat(visible(FLIGHTS)).containsExactly(flight(1, "LAS", "2001-01-31T23:59:59Z"));
    assertThat(columnsInFiles()).containsExactly("id", "origin", "date");
  }

  @Test
  void commit_partitionByAColumnOfTheRows_filesHaveItToo() throws Exception {
    try (SinkWriter writer = open("t/0", FLIGHTS, List.of("origin", "month(date)"), 1 << 20)) {
      write(writer, 1, FLIGHTS, List.of(flight(1, "LAS", "2001-01-31T23:59:59Z")));
      writer.commit(1);
    }
    assertThat(columnsInFiles()).containsExactly("id", "origin", "date", "date_month");
  }

  private List<String> columnsInFiles() throws SQLException {
    String sql = "SELECT name FROM parquet_schema('%s/**/*.parquet') WHERE name <> 'duckdb_schema'";
    return query(sql).stream().map(row -> String.valueOf(row.get(0))).toList();
  }

  @Test
  void open_partitionOfUnknownColumn_namesEveryProblem() {
    assertThatThrownBy(
            () -> open("t/0", FLIGHTS, List.of("month(dat)", "hour(origin)", "nowhere"), 1))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("no column dat; there are id, origin, date")
        .hasMessageContaining("hour(origin) needs a timestamp or date")
        .hasMessageContaining("no column nowhere");
  }

  @Test
  void open_pathIsAFile_saysSo() throws Exception {
    Files.writeString(lake(), "taken");
    assertThatThrownBy(() -> open("t/0", NUMBERS))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void due_bySizeOrTime() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS, List.of(), 100_000)) {
      write(writer, 1, NUMBERS, List.of(number(1)));
      assertThat(writer.due(Instant.EPOCH, false)).isFalse();
      assertThat(writer.due(Instant.EPOCH.plusSeconds(299), false)).isFalse();
      assertThat(writer.due(Instant.EPOCH.plusSeconds(300), false)).isTrue();
      writer.commit(1);
      List<List<@Nullable Object>> many = new ArrayList<>();
      for (long i = 0; i < 100_000; i++) {
        many.add(number(i));
      }
      write(writer, 2, NUMBERS, many);
      assertThat(writer.due(Instant.EPOCH.plusSeconds(400), true)).isTrue();
    }
  }

  @Test
  void open_afterCrashBetweenRecordAndRename_finishesTheCommit() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      write(writer, 1, NUMBERS, List.of(number(1)));
      writer.commit(1);
    }
    String committed = parquetFiles().get(0);
    Path log = lake().resolve("_sagitta/t%2f0");
    Path staged =
        Files.createDirectories(log.resolve("0000000000000000000.staging")).resolve("rows");
    Files.move(lake().resolve(committed), staged);
    List<String> records = files().stream().filter(f -> f.endsWith(".json")).toList();
    Path record = lake().resolve(records.get(records.size() - 1));
    CommitRecord last = CommitRecord.ofJson(Files.readAllBytes(record));
    Files.write(
        record,
        new CommitRecord(
                last.number(),
                last.step(),
                "dead",
                List.of(new CommitRecord.Staged(lake().relativize(staged).toString(), committed)))
            .toJson());
    assertThat(visible(NUMBERS)).isEmpty();

    // The first successor claims the task and dies too, before it renames.
    CommitRecord claimed = CommitRecord.ofJson(Files.readAllBytes(record));
    Files.write(
        log.resolve("%019d.json".formatted(claimed.number() + 1)),
        new CommitRecord(claimed.number() + 1, claimed.step(), "dead2", claimed.files()).toJson());

    try (SinkWriter writer = open("t/0", NUMBERS)) {
      assertThat(writer.committedStep()).isEqualTo(1);
      assertThat(visible(NUMBERS)).containsExactly(number(1));
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void commit_farBehind_isFencedThoughItsNumberLooksFree() throws Exception {
    try (SinkWriter zombie = open("t/0", NUMBERS)) {
      write(zombie, 1, NUMBERS, List.of(number(99)));
      try (SinkWriter owner = open("t/0", NUMBERS)) {
        for (long step = 1; step <= 3; step++) {
          write(owner, step, NUMBERS, List.of(number(step)));
          owner.commit(step);
        }
        assertThat(files().stream().filter(f -> f.endsWith(".json"))).hasSize(1);
        assertThatThrownBy(() -> zombie.commit(1)).isInstanceOf(FencedException.class);
        assertThat(files().stream().filter(f -> f.endsWith(".json"))).hasSize(1);
      }
    }
    assertThat(visible(NUMBERS)).containsExactly(number(1), number(2), number(3));
  }

  @Test
  void commit_recordedButNotRenamed_isFinishedByTheNextOwner() throws Exception {
    Path inTheWay = lake().resolve("origin=AMS");
    try (SinkWriter writer = open("t/0", FLIGHTS, List.of("origin"), 1 << 20)) {
      Files.writeString(inTheWay, "not a folder");
      write(writer, 1, FLIGHTS, List.of(flight(1, "AMS", "2001-01-01T00:00:00Z")));
      assertThatThrownBy(() -> writer.commit(1)).isInstanceOf(ConnectorException.class);
    }
    Files.delete(inTheWay);
    try (SinkWriter next = open("t/0", FLIGHTS, List.of("origin"), 1 << 20)) {
      assertThat(next.committedStep()).isEqualTo(1);
      assertThat(query("SELECT id FROM '%s/**/*.parquet'")).containsExactly(row(1L));
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void commit_raceOfManyOwners_keepsEachStepOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Long>> owners = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        owners.add(() -> commitUntil(12));
      }
      for (Future<Long> owner : pool.invokeAll(owners)) {
        assertThat(owner.get()).isEqualTo(12);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(visible(NUMBERS).stream().map(r -> r.get(0)))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    try (SinkWriter last = open("t/0", NUMBERS)) {
      assertThat(last.committedStep()).isEqualTo(12);
    }
    assertThat(leftovers()).isEmpty();
  }

  /** Owns the task again and again, as a node that is fenced would, until {@code last}. */
  private long commitUntil(long last) throws Exception {
    while (true) {
      try (SinkWriter writer = open("t/0", NUMBERS)) {
        while (writer.committedStep() < last) {
          long step = writer.committedStep() + 1;
          write(writer, step, NUMBERS, List.of(number(step)));
          writer.commit(step);
        }
        return writer.committedStep();
      } catch (FencedException e) {
        // Another owner took over: try to win the task back.
      }
    }
  }

  @Test
  void write_beyondMemory_spills() throws Exception {
    Schema wide =
        new Schema(
            List.of(
                Field.nullable("id", new ArrowType.Int(64, true)),
                Field.nullable("text", ArrowType.Utf8.INSTANCE)));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    String text = "abcdefghijklmnopqrstuvwxyz".repeat(8);
    for (long i = 0; i < 20_000; i++) {
      rows.add(row(i, text + i));
    }
    try (SinkWriter writer = open("t/0", wide, List.of(), 1 << 30)) {
      for (int step = 1; step <= 60; step++) {
        write(writer, step, wide, rows);
      }
      assertThat(Files.exists(spill())).isTrue();
      writer.commit(60);
    }
    assertThat(query("SELECT count(*), count(DISTINCT text) FROM '%s/**/*.parquet'"))
        .containsExactly(row(1_200_000L, 20_000L));
    assertThat(leftovers()).isEmpty();
  }

  private Path spill() throws Exception {
    try (Stream<Path> tree = Files.walk(lake())) {
      return tree.filter(p -> p.endsWith("spill")).findFirst().orElseThrow();
    }
  }
}
