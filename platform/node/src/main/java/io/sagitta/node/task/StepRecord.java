package io.sagitta.node.task;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Progress;
import io.sagitta.transport.Position;
import java.util.Map;
import java.util.Optional;

/**
 * What a journal keeps of one step, written before any output of the step leaves. A step without
 * messages closes an orderly stop: all before it are finished.
 *
 * @param step numbered from 1 without gaps
 * @param closing whether it has no messages, and closes those before it
 * @param first position of the step's first input message
 * @param last position of its last one
 * @param needs position of the oldest message that its outcome depends on: once a later one is
 *     acknowledged, the step was finished. Of a closing record, the oldest that open windows need
 * @param finished number of the last step that was finished when this was written
 * @param revision of the definition that ran it
 * @param engine version of the engine that ran it
 * @param tables content hash of every table that its queries could read
 * @param upstreams progress of every upstream task before the step
 * @param progress where the task stood before the step
 * @param counts the ledger before the step, by source and stage
 * @param keepFrom place in the journal of the oldest record that a new owner needs; empty means the
 *     first
 */
record StepRecord(
    long step,
    boolean closing,
    Position first,
    Position last,
    Position needs,
    long finished,
    long revision,
    String engine,
    Map<String, String> tables,
    Map<String, Progress> upstreams,
    Progress progress,
    Map<String, Counts> counts,
    Optional<Position> keepFrom) {
  StepRecord {
    // A journal of an older version does not say.
    tables = tables == null ? Map.of() : Map.copyOf(tables);
    upstreams = Map.copyOf(upstreams);
    counts = Map.copyOf(counts);
  }
}
