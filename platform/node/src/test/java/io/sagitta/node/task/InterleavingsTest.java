package io.sagitta.node.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.run.DuckEngine;
import io.sagitta.node.task.Interleaving.Bench;
import io.sagitta.transport.PulsarConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever the order of events, and wherever owners die, what a pipeline leaves behind is what
 * plain SQL makes of the rows that came in time, each of them once.
 *
 * <p>{@code -Dinterleaving.seed=N} runs that seed alone, {@code -Dinterleaving.seeds=N} so many of
 * each shape.
 */
final class InterleavingsTest {
  private static final int SEEDS = Integer.getInteger("interleaving.seeds", 120);

  /** Saw bugs that the first ones did not: a step that counted as finished before it was sent. */
  private static final long[] OTHER_SEEDS = {319};

  private static final Schema RATES =
      new Schema(
          List.of(
              Field.nullable("place", ArrowType.Utf8.INSTANCE),
              Field.nullable("since", WireSchemas.TIMESTAMP),
              Field.nullable("rate", new ArrowType.Int(64, true))));

  /** Sessions make thousands of folders, which a disk would take long for. */
  static final class MemoryDisk implements TempDirFactory {
    private static final Path LINUX = Path.of("/dev/shm");

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      return Files.isWritable(LINUX)
          ? Files.createTempDirectory(LINUX, "interleavings")
          : Files.createTempDirectory("interleavings");
    }
  }

  private final Path spill;

  InterleavingsTest(@TempDir(factory = MemoryDisk.class) Path spill) {
    this.spill = spill;
  }

  @ParameterizedTest
  @EnumSource
  void run_anySeed_leavesWhatPlainSqlFinds(Shape shape) throws Exception {
    List<Map<String, String>> rates = rates();
    try (BufferAllocator allocator = new RootAllocator();
        PulsarConnection unused = PulsarConnection.open("pulsar://127.0.0.1:1", 1 << 20);
        DuckEngine engine = new DuckEngine(256 << 20);
        PlainSql plain = new PlainSql(rates.stream().map(InterleavingsTest::sql).toList())) {
      byte[] table = bytes(rates, allocator);
      Bench bench =
          new Bench(new HashMap<>(), unused, engine, allocator, (c, p, name, hash) -> table, spill);
      Comparison comparison = new Comparison(shape, allocator);
      for (long seed : seeds()) {
        Interleaving run = run(shape, seed, bench, true);
        assertThat(run.workers().begun()).as("turns in %s", run).isPositive();
        assertThat(run.workers().busy()).as("turns that were kept in %s", run).isZero();
        List<String> made = comparison.add(run);
        if (seed % 10 == 0 && run.isTheSameUndisturbed()) {
          assertThat(new Comparison(shape, allocator).add(run(shape, seed, bench, false)))
              .as("%s, and undisturbed", run)
              .isEqualTo(made);
        }
      }
      assertThat(comparison.differences(plain).stream().limit(5)).isEmpty();
    }
  }

  private static long[] seeds() {
    Long one = Long.getLong("interleaving.seed");
    return one == null
        ? LongStream.concat(LongStream.range(0, SEEDS), LongStream.of(OTHER_SEEDS)).toArray()
        : new long[] {one};
  }

  private static Interleaving run(Shape shape, long seed, Bench bench, boolean disturbed)
      throws InterruptedException {
    Interleaving run = new Interleaving(shape, seed, bench);
    try {
      run.run(disturbed);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(run + ": " + e.getMessage(), e);
    }
    return run;
  }

  private static List<Map<String, String>> rates() {
    List<Map<String, String>> rates = new ArrayList<>();
    for (int place = 0; place < 6; place++) {
      for (int hour = 21; hour < 24; hour++) {
        rates.add(
            Map.of(
                "place", "A" + place,
                "since", "" + Rows.micros("2021-03-13T" + hour + ":30:00Z"),
                "rate", "" + (10 * place + hour)));
      }
    }
    return rates;
  }

  private static String sql(Map<String, String> rate) {
    return "('%s', %s, %s)".formatted(rate.get("place"), rate.get("since"), rate.get("rate"));
  }

  private static byte[] bytes(List<Map<String, String>> rates, BufferAllocator allocator) {
    try (VectorSchemaRoot batch = Rows.batch(RATES, rates, allocator)) {
      return IpcCodec.toBytes(batch);
    }
  }
}
