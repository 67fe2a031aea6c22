package io.sagitta.node.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.connectors.Reach;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the engine of a run can reach once it is locked, by whatever SQL: a second wall behind the
 * rules for an author's SQL, which let none of this through.
 */
class LockedRunTest {
  @TempDir private Path disk = Path.of("");

  private void lockedRun(Statements statements) throws Exception {
    disk = disk.toRealPath();
    Path in = Files.createDirectories(disk.resolve("in"));
    Path out = Files.createDirectories(disk.resolve("out"));
    Files.writeString(in.resolve("mine.csv"), "a\n1\n");
    Files.writeString(in.resolve("other.csv"), "a\n2\n");
    Files.createDirectories(disk.resolve("outside"));
    Files.writeString(disk.resolve("outside/secret.csv"), "a\n3\n");
    Files.createSymbolicLink(out.resolve("link"), disk.resolve("outside"));
    Path scratch = Files.createDirectories(disk.resolve("scratch"));
    BatchOptions options =
        new BatchOptions(Reach.free(disk), "1", disk.resolve("q"), scratch, 1, 256L << 20);
    try (RootAllocator allocator = new RootAllocator();
        BatchDatabase database = new BatchDatabase(options, allocator)) {
      database.lock(List.of(in.resolve("mine.csv")), List.of(out, scratch));
      statements.run(database);
    }
  }

  private interface Statements {
    void run(BatchDatabase database) throws Exception;
  }

  @Test
  void filesOfTheRun_areReadAndWritten() throws Exception {
    lockedRun(
        database -> {
          assertThat(
                  database.number(
                      "SELECT a FROM read_csv('%s')".formatted(disk.resolve("in/mine.csv"))))
              .isEqualTo(1);
          database.execute("COPY (SELECT 1) TO '%s'".formatted(disk.resolve("out/x.parquet")));
        });
  }

  @Test
  void everythingElse_isRefused() throws Exception {
    lockedRun(
        database -> {
          for (String sql :
              List.of(
                  "SELECT count(*) FROM read_csv('DISK/in/other.csv')",
                  "SELECT count(*) FROM read_csv('DISK/in/mine.csv2')",
                  "SELECT count(*) FROM read_csv('DISK/in/*.csv')",
                  "SELECT count(*) FROM glob('/etc/*')",
                  "SELECT count(*) FROM read_text('/etc/passwd')",
                  "SELECT count(*) FROM read_blob('/etc/passwd')",
                  "SELECT count(*) FROM '/etc/passwd.csv'",
                  "SELECT count(*) FROM read_csv('DISK/out/../outside/secret.csv')",
                  "SELECT count(*) FROM read_csv('DISK/outside/secret.csv')",
                  "SELECT count(*) FROM sniff_csv('DISK/outside/secret.csv')",
                  "SELECT count(*) FROM read_csv('http://127.0.0.1:9/x.csv')",
                  "COPY (SELECT 1) TO 'DISK/outside/x.csv'",
                  "COPY (SELECT 1) TO 'DISK/out2/x.csv'",
                  "COPY (SELECT 1) TO 'DISK/out/../outside/x.csv'",
                  "EXPORT DATABASE 'DISK/outside/db'",
                  "ATTACH 'DISK/outside/x.duckdb'",
                  "INSTALL httpfs",
                  "LOAD httpfs",
                  "LOAD 'DISK/outside/x.duckdb_extension'",
                  "SET enable_external_access = true",
                  "SET allowed_directories = ['/']",
                  "SET allowed_paths = ['/etc/passwd']",
                  "SET lock_configuration = false",
                  "RESET enable_external_access",
                  "SET memory_limit = '1TB'",
                  "SET temp_directory = '/tmp/elsewhere'")) {
            assertThatThrownBy(() -> database.execute(sql.replace("DISK", disk.toString())))
                .as(sql)
                .isInstanceOf(SQLException.class);
          }
          assertThat(disk.resolve("outside/x.csv")).doesNotExist();
          assertThat(database.number("SELECT 42")).isEqualTo(42);
        });
  }
}
