package io.sagitta.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One applied revision of a pipeline: what control wants to run, and what ran before it.
 *
 * @param revision numbered from 1
 * @param definition the YAML text
 * @param env the YAML text of the environment's overlay, or empty
 * @param hash of the definition's meaning
 * @param desired whether it shall run
 * @param tables content hash by table; the only part that changes within a revision, besides {@code
 *     desired}
 * @param streams what each stream's rows look like
 * @param author who applied it
 * @param commit the git commit it came from, or empty
 * @param appliedAt ISO-8601
 * @param pausedBecause why control paused it by itself; empty if it did not
 * @param fallback the earlier revision that control goes back to if this one does not start; 0 if
 *     none
 * @param reason why control made this revision by itself; empty if somebody asked for it
 * @param previous earlier revisions, newest first: those that a task's journal may need, and some
 *     to go back to
 */
public record Deployment(
    String tenant,
    String pipeline,
    long revision,
    String definition,
    String env,
    String hash,
    Desired desired,
    Map<String, String> tables,
    Map<String, StreamVersion> streams,
    String author,
    String commit,
    String appliedAt,
    String pausedBecause,
    long fallback,
    String reason,
    List<Earlier> previous) {
  /** How many earlier revisions are kept to go back to. */
  public static final int KEPT = 10;

  public Deployment {
    tables = Map.copyOf(tables);
    // Revisions applied before streams had versions lack it, and older ones all before them.
    streams = Map.copyOf(Objects.requireNonNullElse(streams, Map.of()));
    pausedBecause = Objects.requireNonNullElse(pausedBecause, "");
    // So do those applied before control went back by itself: they have nothing to go back to.
    reason = Objects.requireNonNullElse(reason, "");
    previous = List.copyOf(Objects.requireNonNullElse(previous, List.of()));
  }

  /** Whether a pipeline shall run. */
  public enum Desired {
    RUNNING,
    PAUSED
  }

  /**
   * A revision that another one has taken the place of.
   *
   * @param tables content hash by table, as they were last
   */
  public record Earlier(
      long revision,
      String definition,
      String env,
      String hash,
      Map<String, String> tables,
      String author,
      String commit,
      String appliedAt) {
    public Earlier {
      tables = Map.copyOf(tables);
    }
  }

  /** Returns this revision with {@code others} in the place of its tables. */
  public Deployment with(Map<String, String> others) {
    return new Deployment(
        tenant,
        pipeline,
        revision,
        definition,
        env,
        hash,
        desired,
        others,
        streams,
        author,
        commit,
        appliedAt,
        pausedBecause,
        fallback,
        reason,
        previous);
  }

  /** Returns this revision to run, or not. */
  public Deployment with(Desired wanted) {
    return with(wanted, "");
  }

  /** Returns this revision paused by control, and why. */
  public Deployment pausedBecause(String why) {
    return with(Desired.PAUSED, why);
  }

  private Deployment with(Desired wanted, String why) {
    return new Deployment(
        tenant,
        pipeline,
        revision,
        definition,
        env,
        hash,
        wanted,
        tables,
        streams,
        author,
        commit,
        appliedAt,
        why,
        fallback,
        reason,
        previous);
  }

  /**
   * Returns what the next revision keeps of this one and those before it.
   *
   * @param oldestNeeded the oldest revision that a task may have to repeat steps of
   */
  public List<Earlier> history(long oldestNeeded) {
    List<Earlier> history = new ArrayList<>();
    history.add(new Earlier(revision, definition, env, hash, tables, author, commit, appliedAt));
    for (Earlier earlier : previous) {
      if (history.size() < KEPT || earlier.revision() >= oldestNeeded) {
        history.add(earlier);
      }
    }
    return history;
  }

  /** Returns an earlier revision of this pipeline as it was deployed; empty if it is not kept. */
  public Optional<Deployment> earlier(long number) {
    return previous.stream()
        .filter(earlier -> earlier.revision() == number)
        .findFirst()
        .map(
            earlier ->
                new Deployment(
                    tenant,
                    pipeline,
                    earlier.revision(),
                    earlier.definition(),
                    earlier.env(),
                    earlier.hash(),
                    desired,
                    earlier.tables(),
                    Map.of(),
                    earlier.author(),
                    earlier.commit(),
                    earlier.appliedAt(),
                    pausedBecause,
                    0,
                    "",
                    List.of()));
  }

  /** Returns whose it is. */
  public PipelineId id() {
    return new PipelineId(tenant, pipeline);
  }
}
