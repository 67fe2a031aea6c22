package io.sagitta.transport;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a task's owner reports about it.
 *
 * @param step the last step that is finished
 * @param counts the ledger up to that step, by source and stage
 * @param message what went wrong or what it waits for, for people; empty if all is well
 * @param behind when the newest message that it has taken was published, milliseconds since 1970;
 *     empty if none was waiting when it last looked
 * @param at ISO-8601
 */
public record TaskStatus(
    String tenant,
    String pipeline,
    long revision,
    String chain,
    int partition,
    String node,
    State state,
    String message,
    long step,
    Map<String, Counts> counts,
    Progress progress,
    Optional<Long> behind,
    String at) {
  public TaskStatus {
    counts = Map.copyOf(counts);
  }

  /** What a task is doing. */
  public enum State {
    STARTING,
    RUNNING,
    RETRYING,
    STOPPED
  }

  /**
   * Returns whether it says the same as {@code earlier}, less than five seconds later: nobody needs
   * to hear it.
   */
  public boolean isRepeatOf(TaskStatus earlier) {
    return withTime(earlier.at).equals(earlier)
        && Duration.between(Instant.parse(earlier.at), Instant.parse(at)).toSeconds() < 5;
  }

  private TaskStatus withTime(String time) {
    return new TaskStatus(
        tenant, pipeline, revision, chain, partition, node, state, message, step, counts, progress,
        behind, time);
  }

  /** Returns the key of its message. */
  public String key() {
    return tenant + "/" + pipeline + "/" + chain + "/" + partition;
  }
}
