package io.sagitta.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.SqlStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL with which an author could leave the pipeline: each is refused before anything runs. */
class AuthorsSqlTest {
  private static final long ONE_GIBIBYTE = 1 << 20;

  private static PlanResult plan(String sql, boolean windowed) {
    Definitions definitions = SqlCases.base();
    definitions.stage(
        "q",
        new SqlStage(
            List.of("flights"),
            List.of(),
            windowed ? Optional.of(Definitions.HOURLY) : Optional.empty(),
            sql));
    return definitions.stream("out", List.of("q")).plan();
  }

  @ParameterizedTest
  @Timeout(300)
  @ValueSource(
      strings = {
        // Files.
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd.csv'",
        "SELECT * FROM \"/etc/passwd.csv\"",
        "SELECT *, (SELECT content FROM read_text('/etc/passwd')) AS c FROM flights",
        "WITH c AS (SELECT * FROM read_text('/etc/passwd')) SELECT f.* FROM flights f, c",
        "COPY flights TO '/tmp/out.csv'",
        "COPY (SELECT * FROM flights) TO '/tmp/out.csv'",
        "EXPORT DATABASE '/tmp/out'",
        "IMPORT DATABASE '/tmp/out'",
        "ATTACH '/tmp/other.db'",
        // Network and extensions.
        "SELECT * FROM read_csv('http://169.254.169.254/latest/meta-data')",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '/tmp/evil.duckdb_extension'",
        // Settings and the engine's own state.
        "SET memory_limit = '1TB'",
        "RESET memory_limit",
        "PRAGMA database_list",
        "SELECT *, current_setting('temp_directory') AS s FROM flights",
        "SELECT *, getenv('PATH') AS s FROM flights",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pragma_database_list()",
        "CREATE SECRET s (TYPE s3)",
        // Several statements, other statements, SQL as text.
        "SELECT * FROM flights; DROP TABLE flights",
        "SELECT * FROM flights; SELECT * FROM flights",
        "SELECT * FROM flights;; COPY flights TO '/tmp/x'",
        "DROP TABLE flights",
        "CREATE MACRO m() AS 1",
        "INSERT INTO flights SELECT * FROM flights",
        "DELETE FROM flights",
        "CALL pragma_version()",
        "EXPLAIN SELECT * FROM flights",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('flights')",
        "SELECT * FROM json_execute_serialized_sql('{}')",
        "FROM sql_auto_complete('SEL')",
        "EXECUTE p",
        "PREPARE p AS SELECT 1",
        // Rows without end.
        "SELECT f.* FROM flights f, range(1000000000000) r",
        "SELECT f.* FROM flights f, generate_series(1, 1000000000000) r",
        "SELECT unnest(range(1000000000)) AS n FROM flights",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT f.* FROM flights f, r",
        "SELECT repeat(origin, 10001) AS s FROM flights",
        // Values without end.
        "SELECT repeat('a', 2000000000) AS s FROM flights",
        "SELECT repeat('a', 2e9::BIGINT) AS s FROM flights",
        "SELECT repeat(origin, delay) AS s FROM flights",
        "SELECT repeat(repeat('a', 10000), 10000) AS s FROM flights",
        "SELECT repeat(repeat(origin, 100), 100) AS s FROM flights",
        "SELECT lpad(origin, 2000000000, 'x') AS s FROM flights",
        "SELECT format('{:2000000000}', delay) AS s FROM flights",
        "SELECT printf('%2000000000d', delay) AS s FROM flights",
        "SELECT replace(origin, 'A', repeat('b', 10000)) AS s FROM flights",
        "SELECT regexp_replace(origin, '', repeat('b', 10000), 'g') AS s FROM flights",
        "SELECT replace(replace(origin, 'A', destination), 'B', repeat(origin, 20)) AS s FROM flights",
        "WITH a AS (SELECT repeat(origin, 100) AS s FROM flights),"
            + " b AS (SELECT repeat(s, 100) AS s FROM a) SELECT s FROM b",
        "SELECT repeat(s, 100) AS s FROM (SELECT repeat(origin, 100) AS s FROM flights)",
        "SELECT list_transform(range(1000000000), x -> x) AS l FROM flights",
        "SELECT list_reduce(string_split(origin, ''), (a, b) -> a || a || b) AS s FROM flights",
        "SELECT array_to_string(list_transform(string_split(origin, ''), x ->"
            + " repeat('a', 10000)), ',') AS s FROM flights",
        "SELECT list_resize([1], 2000000000, 1) AS l FROM flights",
        "SELECT bitstring('1', 2000000000)::VARCHAR AS b FROM flights",
        // A row's own text, once for each of its characters.
        "SELECT replace(origin, 'A', origin) AS s FROM flights",
        "SELECT replace(origin, 'A', left(origin, -1)) AS s FROM flights",
        "SELECT array_to_string(string_split(origin, ''), destination) AS s FROM flights",
        "SELECT array_to_string(list_transform(string_split(origin, ''), x -> origin), '') AS s"
            + " FROM flights",
        "SELECT list_transform(string_split(origin, ''), x -> x || destination)::VARCHAR AS s"
            + " FROM flights",
        "SELECT list_reduce(string_split(origin, ''), (a, b) -> a || destination) AS s FROM flights",
        // Constants, which the engine may compute while it only binds.
        "SELECT length(repeat('a', 2000000000)) AS n FROM flights",
        "SELECT f.* FROM flights f WHERE length(repeat('a', 2000000000)) > 3",
        "SELECT regexp_matches(origin, repeat('a', 2000000000)) AS m FROM flights",
        "SELECT origin[length(repeat('a', 2000000000)):] AS s FROM flights",
      })
  void query_thatLeavesThePipeline_isRefused_andNothingOfItIsComputed(String sql)
      throws IOException {
    long before = peakKilobytes();
    for (boolean windowed : new boolean[] {false, true}) {
      PlanResult result = plan(sql, windowed);
      assertThat(result.plan()).as(sql).isEmpty();
      assertThat(result.problems()).isNotEmpty();
    }
    assertThat(peakKilobytes() - before).as(sql).isLessThan(ONE_GIBIBYTE);
  }

  /** Returns the most memory that this process has had at once, which native code counts in. */
  private static long peakKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT *, origin || ' to ' || destination AS way FROM flights",
        "SELECT *, repeat('-', 80) || lpad(origin, 20, ' ') || rpad(destination, 20, ' ') AS line FROM flights",
        "SELECT *, replace(replace(replace(origin, 'A', 'the letter A'), 'B', 'b'), 'C', 'c') AS s"
            + " FROM flights",
        "SELECT *, regexp_replace(origin, '(.)(.)', '\\2, \\1', 'g') AS s FROM flights",
        "SELECT *, list_reduce(string_split(origin, ''), (a, b) -> a || '-' || b) AS s FROM flights",
        "SELECT *, array_to_string(list_transform(string_split(origin, ' '), w -> upper(w[1]) ||"
            + " lower(w[2:])), ' ') AS s FROM flights",
        "SELECT *, replace(origin, '{to}', left(destination, 100)) AS s FROM flights",
        "SELECT *, array_to_string(list_transform(string_split(origin, ' '), w ->"
            + " left(destination, 10) || w), ' ') AS s FROM flights",
        "SELECT *, list_sum(list_transform(string_split(origin, ' '), w -> length(w) * delay)) AS n"
            + " FROM flights",
        "SELECT *, len(list_filter(string_split(origin, ' '), w -> w <> destination)) AS n"
            + " FROM flights",
        "SELECT *, array_to_string(list_transform(string_split(origin, ' '), w ->"
            + " array_to_string(list_transform(string_split(w, '-'), v -> upper(v)), '-')), ' ')"
            + " AS s FROM flights",
        "SELECT *, to_json({a: origin, b: destination})::VARCHAR AS j FROM flights",
        "SELECT *, CASE WHEN delay > 10 THEN 'late' ELSE 'fine' END AS s FROM flights"
      })
  void honestQuery_isFine(String sql) {
    PlanResult result = plan(sql, false);
    assertThat(result.problems()).as(sql).isEmpty();
  }

  @ParameterizedTest
  @Timeout(300)
  @ValueSource(ints = {300, 100_000})
  void deepNesting_isRefused_andDoesNotEndTheProcess(int depth) {
    for (String sql :
        List.of(
            "SELECT " + "(".repeat(depth) + "delay" + ")".repeat(depth) + " AS d FROM flights",
            "SELECT " + "- ".repeat(depth) + "delay AS d FROM flights",
            "SELECT delay" + " + 1".repeat(depth) + " AS d FROM flights",
            "SELECT " + "abs(".repeat(depth) + "delay" + ")".repeat(depth) + " AS d FROM flights",
            "SELECT * FROM " + "(SELECT * FROM ".repeat(depth) + "flights" + ")".repeat(depth))) {
      PlanResult result = plan(sql, false);
      assertThat(result.plan().isPresent() || !result.problems().isEmpty()).isTrue();
    }
  }
}
