package io.sagitta.control.quarantine;

import io.sagitta.service.Problem;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import java.time.Duration;
import java.util.List;

/** Opens pipelines' logs of replays. */
final class ReplayLog {
  private final PulsarConnection connection;
  private final Provisioner provisioner;

  ReplayLog(PulsarConnection connection, Provisioner provisioner) {
    this.connection = connection;
    this.provisioner = provisioner;
  }

  /** Returns what the log of {@code pipeline} says; nothing if nobody has replayed yet. */
  ReplayHistory look(PipelineId pipeline) throws InterruptedException {
    boolean there = provisioner.partitions(Topics.replays(pipeline)).isPresent();
    return new ReplayHistory(
        there ? ExclusiveLog.look(connection, partition(pipeline), ReplayRecord.class) : List.of());
  }

  /**
   * Takes the log, which comes to be with the first replay.
   *
   * @throws io.sagitta.service.ProblemException while somebody else has it
   */
  ExclusiveLog<ReplayRecord> take(PipelineId pipeline) {
    provisioner.ensureTopic(Topics.replays(pipeline), 1);
    try {
      return ExclusiveLog.take(connection, partition(pipeline), ReplayRecord.class);
    } catch (FencedOutException e) {
      throw Problem.of(
              409,
              "replay-underway",
              "A replay is under way",
              "Somebody else replays rows of " + pipeline + "; ask again when that is done.")
          .retryAfter(Duration.ofSeconds(5))
          .exception();
    }
  }

  private static String partition(PipelineId pipeline) {
    return Topics.partition(Topics.replays(pipeline), 0);
  }
}
