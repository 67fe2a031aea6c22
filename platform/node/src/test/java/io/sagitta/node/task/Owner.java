package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.engine.Counts;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Whoever owns one task: takes it, repeats what its journal recorded, makes new steps for a while,
 * ends anywhere, and takes it again. A turn of it is {@link TaskSession#run} in pieces.
 */
final class Owner {
  /** Enough to repeat all that a journal may hold. */
  private static final int MANY_TURNS = 60;

  private final TaskSpec spec;
  private final MemoryPulsar pulsar;
  private final Chance chance;
  private final TaskResources resources;
  private final HandClock clock;
  private final int messageBytes;
  private Bounds bounds = Bounds.DEFAULT;
  private Optional<MemoryTopics> topics = Optional.empty();
  private Optional<Session> session = Optional.empty();
  private Map<String, Counts> counts = Map.of();
  private int takeovers;

  private record Session(TaskParts parts, StepWork work) {}

  Owner(
      TaskSpec spec,
      MemoryPulsar pulsar,
      Chance chance,
      TaskResources resources,
      HandClock clock,
      int messageBytes) {
    this.spec = spec;
    this.pulsar = pulsar;
    this.chance = chance;
    this.resources = resources;
    this.clock = clock;
    this.messageBytes = messageBytes;
  }

  TaskSpec spec() {
    return spec;
  }

  /** Returns the ledger as the last owner knew it. */
  Map<String, Counts> counts() {
    return counts;
  }

  int takeovers() {
    return takeovers;
  }

  boolean isAtWork() {
    return session.isPresent();
  }

  /** Works for a few turns. */
  void work(int turns) throws InterruptedException {
    int[] toTake = {chance.trouble(8) ? turns : MANY_TURNS};
    int[] left = {turns};
    attempt(
        () -> {
          BooleanSupplier active = () -> mayGoOn(left);
          if (session.isEmpty()) {
            take(() -> mayGoOn(toTake));
          }
          if (session.isPresent()) {
            Session now = session.get();
            new NewSteps(now.parts(), now.work(), bounds, report -> counts = report.counts())
                .run(active);
          }
        });
  }

  /** Stops in order, as when its node leaves. */
  void stop() throws InterruptedException {
    attempt(
        () -> {
          if (session.isPresent()) {
            Session now = session.get();
            int[] left = {3};
            settle(now);
            new OrderlyStop(now.parts(), now.work()).drain(() -> mayGoOn(left));
            counts = now.work().report(TaskStatus.State.STOPPED).counts();
            end();
          }
        });
  }

  /** Moves on what is on its way, of an owner that is no more as well. */
  void drift() {
    topics.ifPresent(MemoryTopics::advance);
  }

  void settle() throws InterruptedException {
    attempt(() -> session.ifPresent(this::settle));
    topics.ifPresent(MemoryTopics::settle);
  }

  private void settle(Session now) {
    topics.orElseThrow().settle();
    now.work().finish();
  }

  private void take(BooleanSupplier active) throws InterruptedException, ConnectorException {
    takeovers++;
    MemoryTopics taken = new MemoryTopics(pulsar, spec, chance, topics);
    List<ExclusiveLog.Entry<StepRecord>> recorded = taken.takeJournal();
    topics = Optional.of(taken);
    TaskParts parts = new TaskParts(spec, resources, taken, spec::tableHashes);
    session =
        Optional.of(
            new Session(parts, new StepWork(parts, Replay.newest(recorded), new StallWatch())));
    // What a step takes may differ from owner to owner; how it is cut into messages may not.
    bounds = new Bounds(1 + chance.below(20), 1 << 20, 1 + chance.below(3), messageBytes);
    parts.open(bounds, recorded);
    Session now = session.get();
    counts = now.work().report(TaskStatus.State.RUNNING).counts();
    if (!new RecordedSteps(parts, now.work(), recorded).repeat(active)) {
      end();
    }
  }

  private boolean mayGoOn(int[] left) {
    MemoryTopics now = topics.orElseThrow();
    now.point();
    if (chance.oneIn(chance.isCalm() ? 2 : 12)) {
      clock.move(Duration.ofSeconds(20));
    }
    session.ifPresent(
        s -> {
          // Else a full outbox makes the task wait, a millisecond at a time.
          boolean more = !chance.trouble(8);
          while (more && s.work().steps().unpublished() >= bounds.stepsInFlight()) {
            more = now.advance();
          }
        });
    return left[0]-- > 0;
  }

  /** What a session does until it ends. */
  private interface Work {
    void run() throws InterruptedException, ConnectorException;
  }

  private void attempt(Work work) throws InterruptedException {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (!Crash.is(e) && !topics.map(MemoryTopics::failed).orElse(false)) {
        throw e;
      }
      end();
    } catch (ConnectorException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends the session, whatever is on its way. */
  void end() {
    topics.ifPresent(MemoryTopics::giveUp);
    session.ifPresent(now -> now.parts().close());
    session = Optional.empty();
  }
}
