package io.sagitta.engine;

import java.util.List;
import java.util.Map;

/**
 * Runs one task of a chain: arrivals in, batches out. A pure function of its arrivals, in their
 * steps, and of what it was restored with: no clock, no random numbers, no order of hash tables
 * reaches an output. Not thread-safe: one thread calls it.
 *
 * <p>After a takeover the caller opens a new one, {@link #restore restores} what the journal
 * recorded before the first step it repeats, and calls {@link #step} again with the same arrivals
 * in the same steps.
 */
public interface TaskRunner extends AutoCloseable {

  /**
   * Sets the progress of every upstream task as it was before the step that comes next. Called at
   * most once, before the first step.
   *
   * @param upstreams by upstream as in {@link Arrival#upstream()}
   */
  void restore(Map<String, Progress> upstreams);

  /** Returns the progress of every upstream task, for the journal: what {@link #restore} takes. */
  Map<String, Progress> upstreams();

  /**
   * Replaces reference data from the next step on, or fails and changes nothing.
   *
   * @param table one that the runner was opened with
   * @param rows as Arrow IPC stream bytes
   */
  void replace(String table, byte[] rows);

  /**
   * Processes one step.
   *
   * @param arrivals in order; their batches are closed by the runner, also on failure
   * @return owned by the caller
   */
  StepResult step(List<Arrival> arrivals);

  /**
   * Shows rows of every step from now on to {@code tap}, in place of the last one; at first nobody
   * looks. Nothing that a step makes depends on it.
   */
  void tap(Tap tap);

  /** Makes the step that runs now fail, if there is one; from any thread. */
  void interrupt();

  /** Releases all windows and connections. */
  @Override
  void close();
}
