package io.sagitta.control.status;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.engine.Counts;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What every task said last, and how its counts grew over the last seconds. Thread-safe.
 *
 * <p>A rate is the difference of two reports by the time between them. A task that has said nothing
 * for {@link #SILENCE} is not known to do anything: its rate is 0.
 */
public final class TaskTracker implements Managed {
  /** After how long without a word a task counts as silent; owners report every five seconds. */
  public static final Duration SILENCE = Duration.ofSeconds(10);

  private static final Duration SPAN = Duration.ofSeconds(5);

  /** Whoever is less behind than this just works. */
  private static final double LEAST_BEHIND = 2;

  private static final long POLL_MILLIS = 100;
  private static final int MOST_REPORTS = 32;

  private final PulsarConnection connection;
  private final StateTopic<TaskStatus> reports;
  private final Clock clock;
  private final Map<String, Deque<TaskStatus>> recent = new ConcurrentHashMap<>();

  /** Rows per second, in and out. */
  public record Rate(double in, double out) {
    /** No rows. */
    public static final Rate NONE = new Rate(0, 0);

    Rate plus(Rate other) {
      return new Rate(in + other.in, out + other.out);
    }
  }

  /** Reads what all tasks said last. */
  public TaskTracker(PulsarConnection connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
    this.reports = StateTopic.open(connection, Topics.STATUS, TaskStatus.class);
  }

  @Override
  public void start() {
    reports.listen(
        (key, report) -> report.ifPresentOrElse(r -> remember(key, r), () -> recent.remove(key)));
  }

  private void remember(String key, TaskStatus report) {
    recent.compute(
        key,
        (k, known) -> {
          Deque<TaskStatus> reports = known == null ? new ArrayDeque<>() : new ArrayDeque<>(known);
          reports.addLast(report);
          while (reports.size() > MOST_REPORTS) {
            reports.removeFirst();
          }
          return reports;
        });
  }

  /** Returns what the tasks of {@code pipeline} said last. */
  public Collection<TaskStatus> of(PipelineId pipeline) {
    return reports.all().values().stream()
        .filter(r -> r.tenant().equals(pipeline.tenant()))
        .filter(r -> r.pipeline().equals(pipeline.name()))
        .toList();
  }

  /** Returns how long ago {@code report} was made. */
  public Duration age(TaskStatus report) {
    Duration age = Duration.between(Instant.parse(report.at()), clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Returns whether the task that made {@code report} should have said more since. */
  public boolean isSilent(TaskStatus report) {
    return report.state() != TaskStatus.State.STOPPED && age(report).compareTo(SILENCE) > 0;
  }

  /** Returns how fast rows pass {@code stage} in the task that made {@code newest}. */
  public Rate rate(TaskStatus newest, String stage) {
    if (isSilent(newest) || newest.state() == TaskStatus.State.STOPPED) {
      return Rate.NONE;
    }
    return earlier(newest).map(b -> between(b, newest, stage)).orElse(Rate.NONE);
  }

  /** Returns how old what a task works on is; empty if it has caught up. */
  public Optional<Double> behindSeconds(TaskStatus newest) {
    return newest.behind().map(b -> seconds(b, newest.at())).filter(s -> s >= LEAST_BEHIND);
  }

  /** Returns when it will have caught up, if it goes on as in the last seconds and gets nearer. */
  Optional<Double> caughtUpInSeconds(TaskStatus newest) {
    Optional<TaskStatus> before = earlier(newest).filter(b -> b.behind().isPresent());
    Optional<Double> behind = behindSeconds(newest);
    if (before.isEmpty() || behind.isEmpty()) {
      return Optional.empty();
    }
    double passed =
        Duration.between(Instant.parse(before.get().at()), Instant.parse(newest.at())).toMillis()
            / 1e3;
    double nearer =
        before.get().behind().map(b -> seconds(b, before.get().at())).orElseThrow() - behind.get();
    return passed <= 0 || nearer <= 0
        ? Optional.empty()
        : Optional.of(behind.get() * passed / nearer);
  }

  private static double seconds(long fromMillis, String to) {
    return (Instant.parse(to).toEpochMilli() - fromMillis) / 1e3;
  }

  private Optional<TaskStatus> earlier(TaskStatus newest) {
    Deque<TaskStatus> reports = recent.getOrDefault(newest.key(), new ArrayDeque<>());
    Instant now = Instant.parse(newest.at());
    Optional<TaskStatus> before = Optional.empty();
    for (TaskStatus report : reports) {
      // The youngest that is old enough; else the oldest there is.
      if (before.isEmpty() || !Instant.parse(report.at()).isAfter(now.minus(SPAN))) {
        before = Optional.of(report);
      }
    }
    return before;
  }

  private static Rate between(TaskStatus before, TaskStatus newest, String stage) {
    double seconds =
        Duration.between(Instant.parse(before.at()), Instant.parse(newest.at())).toNanos() / 1e9;
    if (seconds <= 0) {
      return Rate.NONE;
    }
    Counts from = before.counts().getOrDefault(stage, Counts.ZERO);
    Counts to = newest.counts().getOrDefault(stage, Counts.ZERO);
    // A task begun anew on another node may report less than its last owner did.
    return new Rate(
        Math.max(0, to.in() - from.in()) / seconds, Math.max(0, to.out() - from.out()) / seconds);
  }

  /** Waits until no task of {@code pipeline} runs, for {@code patience} at most. */
  public void awaitStopped(PipelineId pipeline, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (of(pipeline).stream().anyMatch(this::runs) && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private boolean runs(TaskStatus report) {
    return report.state() != TaskStatus.State.STOPPED && !isSilent(report);
  }

  /** Forgets everything that tasks of {@code pipeline} ever said. */
  public void forget(PipelineId pipeline) {
    try (PartitionProducer writer =
        StateTopic.writer(connection, Topics.STATUS, PartitionProducer.Access.SHARED)) {
      CompletableFuture.allOf(
              of(pipeline).stream()
                  .map(r -> StateTopic.put(writer, r.key(), Optional.empty()))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
  }

  @Override
  public void stop() {
    reports.close();
  }
}
