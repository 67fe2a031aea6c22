package io.sagitta.bench;

import io.sagitta.connectors.Reach;
import io.sagitta.node.batch.BatchException;
import io.sagitta.node.batch.BatchOptions;
import io.sagitta.node.batch.BatchResult;
import io.sagitta.node.batch.BatchRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;

/**
 * One side of the batch measurement, in a process of its own, so that its memory is its own.
 * Arguments: {@code sagitta} or {@code duckdb}, and a folder with the rows in {@code in}. Prints
 * the seconds and the peak of resident bytes.
 */
final class BatchSide {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final long MEMORY_BYTES = 1L << 30;

  private BatchSide() {}

  /** Runs one side. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    Pipeline pipeline = Pipeline.batch(folder);
    long before = System.nanoTime();
    if (args[0].equals("sagitta")) {
      sagitta(pipeline, folder);
    } else {
      duckdb(pipeline, folder);
    }
    double seconds = (System.nanoTime() - before) / 1e9;
    System.out.println(seconds + " " + ProcessUse.peakBytes(ProcessHandle.current().pid()));
  }

  private static void sagitta(Pipeline pipeline, Path folder) throws BatchException, IOException {
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    BatchOptions options =
        new BatchOptions(
            Reach.free(folder), "1", folder.resolve("quarantine"), scratch, THREADS, MEMORY_BYTES);
    try (RootAllocator allocator = new RootAllocator()) {
      BatchResult result =
          new BatchRun(pipeline.plan(), Map.of(), options, (what, share, bytes) -> {}, allocator)
              .run();
      if (result.quarantined() > 0) {
        throw new IllegalStateException(result.quarantined() + " flights were refused");
      }
    }
  }

  private static void duckdb(Pipeline pipeline, Path folder) throws SQLException, IOException {
    Path out = Files.createDirectories(folder.resolve("duckdb"));
    String clean = String.valueOf(pipeline.plan().queries().get("clean"));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone='UTC'");
      statement.execute("SET threads=" + THREADS);
      statement.execute("SET memory_limit='" + MEMORY_BYTES / 1024 + "KiB'");
      statement.execute("SET temp_directory='" + folder.resolve("temp") + "'");
      statement.execute(
          "CREATE VIEW flights AS SELECT *, date AS event_time FROM read_parquet('%s/*.parquet')"
              .formatted(folder.resolve("in")));
      statement.execute(
          "CREATE VIEW clean AS SELECT * EXCLUDE (__reason) FROM (%s) WHERE __reason IS NULL"
              .formatted(clean));
      statement.execute(
          "COPY (SELECT *, strftime(date, '%%Y-%%m') AS month FROM clean) TO '%s'"
                  .formatted(out.resolve("lake"))
              + " (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))");
      statement.execute(
          """
          COPY (
            SELECT origin, count(*) AS flights, avg(delay) AS mean_delay,
              date_trunc('day', date) AS window_start
            FROM clean GROUP BY ALL)
          TO '%s' (FORMAT parquet, COMPRESSION zstd)"""
              .formatted(out.resolve("days.parquet")));
    }
  }
}
