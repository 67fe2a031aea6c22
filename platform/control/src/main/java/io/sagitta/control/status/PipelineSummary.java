package io.sagitta.control.status;

import io.sagitta.transport.StorageHold;
import java.util.Optional;

/**
 * One pipeline in a line.
 *
 * @param desired {@code RUNNING} or {@code PAUSED}
 * @param state what it does: {@code WAITING} for a node, {@code STARTING}, {@code RUNNING}, {@code
 *     RETRYING}, {@code SILENT}, {@code PAUSING}, {@code PAUSED}; or {@code UNPLANNABLE} if this
 *     version cannot plan the revision
 * @param words why control paused it by itself, and how to go on; empty if it did not
 * @param reason why control made this revision by itself; empty if somebody asked for it
 * @param backlog what waits for its tasks; empty if they have caught up
 * @param storage what its tenant's topics keep beyond their quota; empty if they do not
 * @param balanced whether every stage accounts for every row that came to it
 * @param settled whether besides no row is on its way between two stages
 * @param rowsIn rows that its sources took
 * @param rowsPerSecond rows that its sources take now
 */
public record PipelineSummary(
    String tenant,
    String pipeline,
    long revision,
    String desired,
    String state,
    String words,
    String author,
    String commit,
    String appliedAt,
    String reason,
    Optional<Backlog> backlog,
    Optional<StorageHold> storage,
    int tasksRunning,
    int tasksExpected,
    long rowsIn,
    double rowsPerSecond,
    boolean balanced,
    boolean settled) {}
