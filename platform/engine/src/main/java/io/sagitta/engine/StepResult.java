package io.sagitta.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * What follows from a step. Closing it releases all batches in it.
 *
 * @param emissions rows that leave, by output; several batches of one output stay in order
 * @param quarantined rows for quarantine, with {@link Quarantine#SCHEMA}
 * @param counts changes of the ledger, by source and stage
 * @param progress where this task stands now, for its downstream tasks
 * @param oldestNeeded ordinal of the oldest arrival that open windows still need; {@link
 *     Long#MAX_VALUE} if none
 */
public record StepResult(
    List<Emission> emissions,
    Optional<VectorSchemaRoot> quarantined,
    Map<String, Counts> counts,
    Progress progress,
    long oldestNeeded)
    implements AutoCloseable {
  public StepResult {
    emissions = List.copyOf(emissions);
    counts = Map.copyOf(counts);
  }

  /** Rows for one output. */
  public record Emission(Chain.Output output, VectorSchemaRoot rows) {}

  @Override
  public void close() {
    emissions.forEach(e -> e.rows().close());
    quarantined.ifPresent(VectorSchemaRoot::close);
  }
}
