package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.control.apply.Applied;
import io.sagitta.control.apply.Applier;
import io.sagitta.control.apply.ApplyRequest;
import io.sagitta.control.apply.Granted;
import io.sagitta.control.apply.Plans;
import io.sagitta.control.apply.StartWatch;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.events.EventTail;
import io.sagitta.control.status.StatusReader;
import io.sagitta.control.status.TaskTracker;
import io.sagitta.engine.Progress;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Position;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.TaskStatus.State;
import io.sagitta.transport.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Reports of tasks go in as nodes send them, on a clock that the test advances. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StartWatchIT {
  private static final List<String> CHAINS = List.of("departures", "once", "by_origin");

  private final TestClock clock = new TestClock();
  private final PulsarConnection connection;
  private final Provisioner provisioner;
  private final BufferAllocator allocator = new RootAllocator();
  private final DesiredState desired;
  private final TaskTracker tracker;
  private final EventTail events;
  private final Plans plans = new Plans();
  private final PartitionProducer reports;
  private final Applier applier;
  private final StartWatch watch;

  StartWatchIT() throws Exception {
    connection = PulsarConnection.open(SharedPulsar.get().brokerUrl(), 16 << 20);
    provisioner = Provisioner.open(SharedPulsar.get().adminUrl().toString());
    provisioner.ensureSystem();
    desired = new DesiredState(connection);
    tracker = new TaskTracker(connection, clock);
    events = new EventTail(connection, clock);
    reports = StateTopic.writer(connection, Topics.STATUS, PartitionProducer.Access.SHARED);
    desired.start();
    tracker.start();
    events.start();
    Await.until("the right to write", desired::writes);
    applier =
        new Applier(
            desired,
            plans,
            provisioner,
            Optional.empty(),
            connection,
            tracker,
            events,
            new Granted(Optional::empty, Path.of("")),
            allocator,
            clock);
    watch = new StartWatch(desired, tracker, applier, events, clock);
  }

  @AfterAll
  void stop() throws Exception {
    reports.close();
    events.stop();
    tracker.stop();
    desired.stop();
    connection.close();
    provisioner.close();
    allocator.close();
  }

  @Test
  void taskThatCannotStart_bringsTheRevisionBeforeBack() throws Exception {
    String first = runs("fails");
    assertThat(apply(changed(first, 1)).fallback()).isEqualTo(1);
    report("fails", "once", 0, State.RUNNING, 2, "");
    keepsFailing("fails", Duration.ofSeconds(59));
    assertThat(deployment("fails").revision()).isEqualTo(2);
    keepsFailing("fails", Duration.ofSeconds(1));
    Deployment now = deployment("fails");
    assertThat(now.revision()).isEqualTo(3);
    assertThat(now.definition()).isEqualTo(first);
    assertThat(now.author()).isEqualTo("control");
    String why = "revision 2 did not start: task by_origin/0 on node-1: no such table";
    assertThat(now.reason()).isEqualTo(why);
    StatusReader status =
        new StatusReader(tracker, plans, id -> Optional.empty(), tenant -> Optional.empty());
    assertThat(status.status(now).summary().reason()).isEqualTo(why);
    awaitEvent("fails", why + ". So revision 3, which is revision 1 again, applied by control");
  }

  @Test
  void revisionThatWasGoneBackTo_staysHoweverItFails() throws Exception {
    String first = runs("bounces");
    apply(changed(first, 1));
    keepsFailing("bounces", Duration.ofMinutes(1));
    assertThat(deployment("bounces").revision()).isEqualTo(3);
    keepsFailing("bounces", Duration.ofMinutes(5));
    assertThat(deployment("bounces").revision()).isEqualTo(3);
    applier.rollback(id("bounces"), Optional.of(2L), "Ada");
    keepsFailing("bounces", Duration.ofMinutes(5));
    assertThat(deployment("bounces").revision()).isEqualTo(4);
  }

  @Test
  void correctionThatFailsToo_goesBackToWhatWorked() throws Exception {
    String first = runs("twice");
    apply(changed(first, 1));
    keepsFailing("twice", Duration.ofSeconds(30));
    assertThat(apply(changed(first, 2)).fallback()).isEqualTo(1);
    keepsFailing("twice", Duration.ofMinutes(1));
    assertThat(deployment("twice").revision()).isEqualTo(4);
    assertThat(deployment("twice").definition()).isEqualTo(first);
  }

  @Test
  void taskThatRan_mayFailForEver() throws Exception {
    String first = runs("ran");
    apply(changed(first, 1));
    report("ran", "by_origin", 0, State.RUNNING, 2, "");
    watch.look();
    keepsFailing("ran", Duration.ofMinutes(5));
    assertThat(deployment("ran").revision()).isEqualTo(2);
  }

  @Test
  void stepsOfAnEarlierRevisionThatFail_areNoFailedStart() throws Exception {
    String first = runs("repeats");
    apply(changed(first, 1));
    for (int looks = 0; looks < 10; looks++) {
      report("repeats", "by_origin", 0, State.RETRYING, 1, "no such table");
      watch.look();
      clock.advance(Duration.ofSeconds(30));
    }
    assertThat(deployment("repeats").revision()).isEqualTo(2);
  }

  @Test
  void nothingThatWorkedBefore_nothingToGoBackTo() throws Exception {
    String first = flights("corrected");
    assertThat(apply(first).fallback()).isZero();
    keepsFailing("corrected", Duration.ofMinutes(2));
    assertThat(deployment("corrected").revision()).isEqualTo(1);
    assertThat(apply(changed(first, 1)).fallback()).isZero();
    keepsFailing("corrected", Duration.ofMinutes(2));
    assertThat(deployment("corrected").revision()).isEqualTo(2);
  }

  @Test
  void goingBackThatWouldLoseRows_isRefusedAndSaid() throws Exception {
    String first = runs("grown");
    String more =
        first
            .replace(
                "streams:\n",
                """
                streams:
                    seen: {inputs: [again], retain: 1d}
                """)
            .replace(
                "    by_origin:\n",
                """
                    again: {type: dedupe, inputs: [clean], key: [origin], within: 2h}
                    by_origin:
                """);
    apply(more);
    keepsFailing("grown", Duration.ofSeconds(90));
    assertThat(deployment("grown").revision()).isEqualTo(2);
    awaitEvent(
        "grown",
        "no such table. Apply a mended one: control cannot go back by itself. aviation/grown runs");
  }

  /** Applies a pipeline whose tasks all run, and returns its definition. */
  private String runs(String name) throws Exception {
    String definition = flights(name);
    apply(definition);
    for (String chain : CHAINS) {
      report(name, chain, 0, State.RUNNING, 1, "");
    }
    return definition;
  }

  /** One task a chain: provisioning more is what takes the time here. */
  private static String flights(String name) {
    return Definitions.flights(name).replace("parallelism: 2", "parallelism: 1");
  }

  private static String changed(String definition, int how) {
    return definition.replace("count(*) AS flights", "count(*) + " + how + " AS flights");
  }

  private Deployment apply(String definition) throws Exception {
    Applied applied =
        applier.apply(
            new ApplyRequest(
                definition, "", "flights.yaml", "env.yaml", "Ada", "abc123", Map.of()));
    return deployment(applied.pipeline());
  }

  /** Lets a task fail at its start for {@code time}; the watch looks every fifteen seconds. */
  private void keepsFailing(String name, Duration time) throws Exception {
    reportFailure(name);
    watch.look();
    for (Duration left = time; left.compareTo(Duration.ZERO) > 0; ) {
      Duration step = left.compareTo(Duration.ofSeconds(15)) < 0 ? left : Duration.ofSeconds(15);
      left = left.minus(step);
      clock.advance(step);
      reportFailure(name);
      watch.look();
    }
  }

  private void reportFailure(String name) throws Exception {
    report(name, "by_origin", 0, State.RETRYING, 0, "no such table; tries again in 500 ms");
  }

  private void report(
      String name, String chain, int partition, State state, long revision, String words)
      throws Exception {
    TaskStatus status =
        new TaskStatus(
            "aviation",
            name,
            revision,
            chain,
            partition,
            "node-1",
            state,
            words,
            0,
            Map.of(),
            Progress.NONE,
            Optional.empty(),
            clock.instant().toString());
    StateTopic.put(reports, status.key(), Optional.of(status)).join();
    Await.until("the report", () -> tracker.of(id(name)).contains(status));
  }

  private void awaitEvent(String name, String text) throws Exception {
    Await.until(
        text,
        () ->
            events.after(id(name), new Position(-1, -1), Duration.ZERO).stream()
                .anyMatch(e -> e.event().text().contains(text)));
  }

  private Deployment deployment(String name) {
    return desired.get(id(name)).orElseThrow();
  }

  private static PipelineId id(String name) {
    return new PipelineId("aviation", name);
  }
}
