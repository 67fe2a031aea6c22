package io.sagitta.transport;

import java.util.Map;
import java.util.Objects;

/**
 * One applied revision of a pipeline: what control wants to run.
 *
 * @param revision numbered from 1
 * @param definition the YAML text
 * @param env the YAML text of the environment's overlay, or empty
 * @param hash of the definition's meaning
 * @param desired whether it shall run
 * @param tables content hash by table; the only part that changes within a revision, besides
 *     {@code desired}
 * @param streams what each stream\'s rows look like
 * @param author who applied it
 * @param commit the git commit it came from, or empty
 * @param appliedAt ISO-8601
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
    String appliedAt) {
  public Deployment {
    tables = Map.copyOf(tables);
    // Revisions applied before streams had versions lack it.
    streams = Map.copyOf(Objects.requireNonNullElse(streams, Map.of()));
  }

  /** Whether a pipeline shall run. */
  public enum Desired {
    RUNNING,
    PAUSED
  }

  /** Returns this revision with {@code tables} in the place of its own. */
  public Deployment with(Map<String, String> tables) {
    return new Deployment(
        tenant, pipeline, revision, definition, env, hash, desired, tables, streams, author, commit,
        appliedAt);
  }

  /** Returns this revision to run, or not. */
  public Deployment with(Desired desired) {
    return new Deployment(
        tenant, pipeline, revision, definition, env, hash, desired, tables, streams, author, commit,
        appliedAt);
  }

  /** Returns whose it is. */
  public PipelineId id() {
    return new PipelineId(tenant, pipeline);
  }
}
