package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.engine.RowMemory;
import io.sagitta.engine.Tap;
import io.sagitta.transport.PartitionClaim;
import io.sagitta.transport.TaskStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's place in the queue for one task: stands by until the broker makes it the owner, runs a
 * session while it is, and begins anew after a failure, with growing pauses.
 */
public final class TaskSlot implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskSlot.class);
  private static final long DRAIN_SECONDS = 15;

  private final TaskSpec spec;
  private final Revisions revisions;
  private final TaskResources resources;
  private final Tap tap;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Map<String, String> tables;
  private volatile boolean stopping;
  private volatile boolean active;
  private volatile TaskReport report = TaskReport.STARTING;
  private volatile boolean owner;
  private volatile Optional<TaskSession> session = Optional.empty();
  private volatile boolean givenUp;
  private int failures;

  /**
   * Creates one; {@link #start} begins.
   *
   * @param revisions for steps that an earlier revision of the pipeline left unfinished
   */
  public TaskSlot(TaskSpec spec, Revisions revisions, TaskResources resources, Tap tap) {
    this.spec = spec;
    this.revisions = revisions;
    this.resources = resources;
    this.tap = tap;
    this.tables = spec.tableHashes();
    this.thread = new Thread(this::run, "task-" + spec.id());
  }

  /** Claims the task and stands by. */
  public void start() {
    thread.start();
  }

  /**
   * Announces other snapshots of the task's tables.
   *
   * @param hashes content hash by table
   */
  public void announce(Map<String, String> hashes) {
    tables = Map.copyOf(hashes);
  }

  /** Returns what the task says about itself; empty while another node owns it. */
  public Optional<TaskStatus> status() {
    if (!owner) {
      return Optional.empty();
    }
    TaskReport now = report;
    return Optional.of(
        new TaskStatus(
            spec.id().pipeline().tenant(),
            spec.id().pipeline().name(),
            now.revision(),
            spec.id().chain(),
            spec.id().partition(),
            resources.node(),
            now.state(),
            now.message(),
            now.step(),
            now.counts(),
            now.progress(),
            now.behind(),
            resources.clock().instant().toString()));
  }

  private void run() {
    try {
      while (!stopping) {
        try (PartitionClaim claim = claim()) {
          await(() -> active || stopping, Long.MAX_VALUE);
          if (active && !stopping) {
            owner = true;
            own(claim);
          }
        } catch (RuntimeException | ConnectorException e) {
          failed(e);
        } catch (InterruptedException e) {
          if (stopping || !givenUp) {
            throw e;
          }
          failed(e);
        } finally {
          active = false;
          if (!stopping && failures == 0) {
            owner = false;
          }
          boolean unused = comesBack();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Task {} was interrupted", spec.id());
    }
  }

  private PartitionClaim claim() {
    return PartitionClaim.on(
        resources.pulsar(),
        spec.inputTopic(),
        rank(),
        resources.node(),
        new PartitionClaim.Activity() {
          @Override
          public void active() {
            signal(true);
          }

          @Override
          public void inactive() {
            signal(false);
          }
        });
  }

  /**
   * Returns the place of this node in the order of those that want the task: rendezvous hashing, so
   * that a node that leaves or joins moves only its share.
   */
  private int rank() {
    int hash = (resources.node() + " " + spec.inputTopic()).hashCode();
    hash ^= hash >>> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >>> 13;
    return hash & 0xFFFFFF;
  }

  private void own(PartitionClaim claim) throws InterruptedException, ConnectorException {
    Optional<TaskSession> taken =
        TaskSession.take(spec, resources, claim, this::mayRun, this::report);
    if (taken.isPresent()) {
      try (TaskSession running = taken.get()) {
        session = taken;
        LOG.info("Task {} runs here", spec.id());
        running.run(this::mayRun, () -> stopping && active, revisions, () -> tables, tap);
        failures = 0;
      } finally {
        endSession();
      }
    }
  }

  private boolean mayRun() {
    return active && !stopping && !givenUp;
  }

  private void report(TaskReport news) {
    if (!givenUp) {
      report = news;
    }
  }

  /** After this nobody interrupts the thread because of the session that it had. */
  private void endSession() {
    lock.lock();
    try {
      session = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives the task up if it has not moved for {@code patience}, whatever its thread hangs in, so
   * that another node, or this one when the thread is back, begins anew.
   *
   * @return whether it was given up now
   */
  public boolean giveUpAfter(Duration patience) {
    Optional<TaskSession> stalled = session.filter(s -> s.still().compareTo(patience) > 0);
    if (stalled.isEmpty() || givenUp || stopping) {
      return false;
    }
    givenUp = true;
    report =
        report.with(
            TaskStatus.State.RETRYING,
            "did not move for "
                + patience.toSeconds()
                + " s and was given up by "
                + resources.node()
                + "; if a step may take longer, raise stallSeconds in the nodes' files");
    LOG.warn("Task {} {}; its thread is at {}", spec.id(), report.message(), where());
    Thread helper = new Thread(() -> letGo(stalled.get()), "gives-up-" + spec.id());
    helper.setDaemon(true);
    helper.start();
    return true;
  }

  private String where() {
    return Arrays.stream(thread.getStackTrace())
        .map(StackTraceElement::toString)
        .filter(frame -> frame.contains("io.sagitta."))
        .findFirst()
        .orElse("its end");
  }

  private void letGo(TaskSession stalled) {
    stalled.abandon();
    lock.lock();
    try {
      if (session.filter(s -> s == stalled).isPresent()) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void failed(Exception e) throws InterruptedException {
    boolean comesBack = comesBack();
    failures++;
    long pauseMillis = Math.min(30_000, 250L << Math.min(failures, 7));
    String message = words(e) + "; tries again in " + pauseMillis + " ms";
    LOG.warn("Task {} failed: {}", spec.id(), message, e);
    if (!comesBack) {
      report = report.with(TaskStatus.State.RETRYING, message);
    }
    await(() -> stopping, pauseMillis);
  }

  private String words(Exception failure) {
    return RowMemory.isSpent(failure)
        ? "Its rows do not fit into what is left of arrowMegabytes in the file of "
            + resources.node()
            + ", or of quota.memory of tenant "
            + spec.id().pipeline().tenant()
            + " in the policy"
        : String.valueOf(failure.getMessage());
  }

  /**
   * Returns whether the task was given up. Its session has ended, so nobody interrupts the thread
   * for it any more; but somebody may have.
   */
  private boolean comesBack() {
    if (!givenUp) {
      return false;
    }
    if (!stopping) {
      boolean unused = Thread.interrupted();
    }
    givenUp = false;
    owner = false;
    return true;
  }

  private void signal(boolean nowActive) {
    lock.lock();
    try {
      active = nowActive;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void await(java.util.function.BooleanSupplier condition, long millis)
      throws InterruptedException {
    long left = millis == Long.MAX_VALUE ? millis : TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (!condition.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Asks the task to finish what is on its way, without waiting for it. */
  public void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops and waits until the partition is free for others. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(DRAIN_SECONDS));
      if (thread.isAlive()) {
        LOG.warn("Task {} did not drain in {} s and is interrupted", spec.id(), DRAIN_SECONDS);
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(DRAIN_SECONDS));
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
