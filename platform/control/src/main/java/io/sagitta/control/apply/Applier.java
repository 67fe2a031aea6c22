package io.sagitta.control.apply;

import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.events.EventTail;
import io.sagitta.control.grants.GrantKeeper;
import io.sagitta.control.status.TaskTracker;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StreamVersion;
import io.sagitta.transport.TableTopic;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.memory.BufferAllocator;

/** Changes what shall run, one request at a time. */
public final class Applier {
  private static final Duration STOPPING = Duration.ofSeconds(30);

  private final DesiredState desired;
  private final Planning planning;
  private final Plans plans;
  private final Provisioning provisioning;
  private final PulsarConnection connection;
  private final TaskTracker tracker;
  private final EventTail events;
  private final Tables tables;
  private final Succession succession;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Creates one; all parts stay the caller's.
   *
   * @param grants empty if Pulsar lets everybody in
   */
  public Applier(
      DesiredState desired,
      Plans plans,
      Provisioner provisioner,
      Optional<GrantKeeper> grants,
      PulsarConnection connection,
      TaskTracker tracker,
      EventTail events,
      Granted granted,
      BufferAllocator allocator,
      Clock clock) {
    this.desired = desired;
    this.plans = plans;
    this.planning = new Planning(desired, plans, provisioner, granted);
    this.provisioning = new Provisioning(provisioner, plans, grants);
    this.connection = connection;
    this.tracker = tracker;
    this.events = events;
    this.tables = new Tables(granted::reach, allocator);
    this.succession = new Succession(tracker, plans, clock);
  }

  /** Returns what compares requests with what runs. */
  public Planning planning() {
    return planning;
  }

  /**
   * Makes {@code request} the revision that shall run, unless it is already. Everything a task
   * needs is there before any node hears of the revision.
   *
   * @throws io.sagitta.service.ProblemException if it is not granted; nothing has changed then
   */
  public Applied apply(ApplyRequest request) throws InterruptedException {
    Planning.Reading reading = planning.read(request);
    Candidate candidate = reading.candidate();
    lock.lockInterruptibly();
    try {
      desired.prepareToWrite();
      PlanReport report = planning.report(candidate, reading.warnings());
      if (!report.refusals().isEmpty()) {
        throw report.runningRevision() == 0
            ? Refusals.invalid(report.refusals())
            : Refusals.incompatible(candidate.id(), report.refusals());
      }
      Map<String, byte[]> contents =
          tables.load(candidate.id(), candidate.definition().spec().tables(), request.tables());
      Map<String, String> hashes = new TreeMap<>();
      contents.forEach((name, stream) -> hashes.put(name, TableTopic.hash(stream)));
      Optional<Deployment> running = desired.get(candidate.id());
      Map<String, StreamVersion> streams = planning.streams(candidate);
      boolean recorded =
          running.filter(r -> r.tables().equals(hashes) && r.streams().equals(streams)).isPresent();
      if (report.unchanged() && recorded) {
        return new Applied(
            report.tenant(), report.pipeline(), report.runningRevision(), true, report);
      }
      provisioning.provide(candidate, running);
      for (Map.Entry<String, byte[]> table : contents.entrySet()) {
        TableTopic.publish(connection, candidate.id(), table.getKey(), table.getValue());
      }
      Deployment deployment =
          succession.next(
              candidate,
              hashes,
              streams,
              new Succession.Origin(
                  request.author(),
                  request.commit(),
                  "",
                  running.map(succession::fallback).orElse(0L)),
              running);
      desired.put(deployment);
      events.say(
          candidate.id(),
          "revision " + deployment.revision() + " applied by " + deployment.author());
      return new Applied(report.tenant(), report.pipeline(), deployment.revision(), false, report);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes what an earlier revision of {@code pipeline} was the next one, with the tables it had.
   *
   * @param to which one; if empty the one before that which runs
   * @throws io.sagitta.service.ProblemException if it is not kept, or what runs cannot become it
   */
  public Applied rollback(PipelineId pipeline, Optional<Long> to, String author)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      desired.prepareToWrite();
      Deployment running = desired.get(pipeline).orElseThrow(() -> Refusals.unknown(pipeline));
      Deployment target =
          to.or(() -> running.previous().stream().findFirst().map(Deployment.Earlier::revision))
              .flatMap(running::earlier)
              .orElseThrow(() -> Refusals.notKept(running, to));
      return restore(running, target, author, "");
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes what {@code failed} falls back to the next revision, unless another one than {@code
   * failed} runs by now or it shall not run.
   *
   * @throws io.sagitta.service.ProblemException if that is not kept, or cannot be gone back to
   */
  void goBack(Deployment failed, String reason) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      desired.prepareToWrite();
      Optional<Deployment> running =
          desired
              .get(failed.id())
              .filter(r -> r.revision() == failed.revision())
              .filter(r -> r.desired() == Deployment.Desired.RUNNING);
      if (running.isPresent()) {
        Deployment target =
            running
                .get()
                .earlier(failed.fallback())
                .orElseThrow(() -> Refusals.notKept(failed, Optional.of(failed.fallback())));
        restore(running.get(), target, "control", reason);
      }
    } finally {
      lock.unlock();
    }
  }

  private Applied restore(Deployment running, Deployment target, String author, String reason) {
    PipelineId pipeline = running.id();
    Candidate candidate = Candidate.of(target);
    PlanReport report = planning.report(candidate, List.of());
    if (!report.refusals().isEmpty()) {
      throw Refusals.incompatible(pipeline, report.refusals());
    }
    provisioning.provide(candidate, Optional.of(running));
    Deployment deployment =
        succession.next(
            candidate,
            target.tables(),
            planning.streams(candidate),
            // What somebody or control went back to has nothing to go back to: it would bounce.
            new Succession.Origin(author, target.commit(), reason, 0),
            Optional.of(running));
    desired.put(deployment);
    events.say(
        pipeline,
        (reason.isEmpty() ? "" : reason + ". So ")
            + "revision %d, which is revision %d again, applied by %s"
                .formatted(deployment.revision(), target.revision(), author));
    return new Applied(report.tenant(), report.pipeline(), deployment.revision(), false, report);
  }

  /**
   * Lets the tasks of {@code deployment} use {@code stream} as the content of {@code table} from
   * some step on, unless another revision runs by now or it is what they use.
   *
   * @return whether it is another content
   */
  boolean replaceTable(Deployment deployment, String table, byte[] stream)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      desired.prepareToWrite();
      Optional<Deployment> running = desired.get(deployment.id());
      if (running.map(Deployment::revision).orElse(0L) != deployment.revision()) {
        return false;
      }
      Map<String, String> hashes = new TreeMap<>(running.get().tables());
      if (TableTopic.hash(stream).equals(hashes.get(table))) {
        return false;
      }
      hashes.put(table, TableTopic.publish(connection, deployment.id(), table, stream));
      desired.put(running.get().with(hashes));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Makes {@code pipeline} run or pause, and returns what shall run. */
  public Deployment setDesired(PipelineId pipeline, Deployment.Desired wanted)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      desired.prepareToWrite();
      Deployment running = desired.get(pipeline).orElseThrow(() -> Refusals.unknown(pipeline));
      if (running.desired() == wanted) {
        return running;
      }
      Deployment changed = running.with(wanted);
      desired.put(changed);
      events.say(pipeline, wanted == Deployment.Desired.PAUSED ? "paused" : "resumed");
      return changed;
    } finally {
      lock.unlock();
    }
  }

  /** Pauses {@code pipeline} and says why, unless another revision than {@code revision} runs. */
  public void pause(PipelineId pipeline, long revision, String why) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      desired.prepareToWrite();
      Optional<Deployment> running =
          desired
              .get(pipeline)
              .filter(d -> d.revision() == revision && d.desired() == Deployment.Desired.RUNNING);
      if (running.isPresent()) {
        desired.put(running.get().pausedBecause(why));
        events.warn(pipeline, "paused: " + why);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops {@code pipeline}, waits until its tasks have stopped, half a minute at most, and deletes
   * its topics.
   *
   * @throws io.sagitta.service.ProblemException if there is none, or another one reads its streams
   */
  public void delete(PipelineId pipeline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      desired.prepareToWrite();
      Deployment running = desired.get(pipeline).orElseThrow(() -> Refusals.unknown(pipeline));
      List<String> readers = new StreamReaders(desired.all(), plans).of(pipeline);
      if (!readers.isEmpty()) {
        throw Refusals.inUse(pipeline, readers);
      }
      desired.remove(pipeline);
      tracker.awaitStopped(pipeline, STOPPING);
      provisioning.remove(running);
      tracker.forget(pipeline);
      events.say(pipeline, "deleted");
    } finally {
      lock.unlock();
    }
  }
}
