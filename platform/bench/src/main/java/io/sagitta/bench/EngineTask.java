package io.sagitta.bench;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Engine;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.TaskRunner;
import io.sagitta.engine.codec.Slices;
import io.sagitta.engine.run.DuckEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The task that a node would run for the chain behind {@code flights}, without Pulsar. */
final class EngineTask implements AutoCloseable {
  private static final String TASK = Pipeline.SOURCE + "/0";
  private static final int OUTPUT_ROWS = 100_000;

  private final Engine engine = new DuckEngine(1L << 30);
  private final TaskRunner runner;
  private long ordinal;

  EngineTask(Pipeline pipeline, BufferAllocator allocator) {
    Path spill = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    runner =
        engine.open(
            pipeline.plan(),
            pipeline.chain(),
            TASK,
            Set.of(TASK),
            Map.of(),
            allocator,
            new Engine.Limits(256L << 20, spill, OUTPUT_ROWS));
  }

  /**
   * Runs steps over {@code batches}, which stay the caller's.
   *
   * @param batchesPerStep how many go into one step
   * @return rows that came out
   */
  long run(List<VectorSchemaRoot> batches, int batchesPerStep) {
    long made = 0;
    for (int from = 0; from < batches.size(); from += batchesPerStep) {
      List<Arrival> arrivals = new ArrayList<>();
      for (VectorSchemaRoot batch :
          batches.subList(from, Math.min(batches.size(), from + batchesPerStep))) {
        VectorSchemaRoot shared = Slices.share(batch);
        arrivals.add(new Arrival.Rows(ordinal++, TASK, Pipeline.SOURCE, shared, Optional.empty()));
      }
      try (StepResult result = runner.step(arrivals)) {
        for (StepResult.Emission emission : result.emissions()) {
          made += emission.rows().getRowCount();
        }
      }
    }
    return made;
  }

  @Override
  public void close() {
    runner.close();
    engine.close();
  }
}
