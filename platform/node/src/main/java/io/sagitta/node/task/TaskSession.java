package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.SinkConnector;
import io.sagitta.definition.Sink;
import io.sagitta.engine.Chain.Output;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Progress;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.Tap;
import io.sagitta.engine.TaskRunner;
import io.sagitta.engine.codec.Slices;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.PartitionConsumer;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.Position;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.TransportException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ownership of a task, from takeover to loss: takes the journal, repeats what it recorded, then
 * goes on with new steps. One thread runs it.
 *
 * <p>The order that makes a row count once: the journal is held exclusively before anything is
 * done; a step's record is persisted before any of its outputs leaves; the input is acknowledged
 * only when outputs are persisted and sinks have committed.
 */
final class TaskSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskSession.class);
  private static final int OUTPUT_ROWS = 100_000;

  private final TaskSpec spec;
  private final TaskResources resources;
  private final Consumer<TaskReport> reporter;
  private final Tap tap;
  private final PartitionConsumer consumer;
  private final BufferAllocator allocator;
  private final ExclusiveLog<StepRecord> journal;
  private final StepInput input;
  private final IdleWatch idle;
  private final StepQueue steps = new StepQueue();
  private final Map<String, SinkLane> lanes = new LinkedHashMap<>();
  private final Map<String, Counts> counts = new HashMap<>();
  private final Bounds bounds = Bounds.DEFAULT;
  private Optional<TaskRunner> runner = Optional.empty();
  private Optional<Outbox> outbox = Optional.empty();
  private Progress progress = Progress.NONE;
  private Optional<Position> keepFrom = Optional.empty();
  private long step;
  private long needsFrom = -1;

  private TaskSession(
      TaskSpec spec,
      TaskResources resources,
      PartitionConsumer consumer,
      ExclusiveLog<StepRecord> journal,
      Tap tap,
      Consumer<TaskReport> reporter) {
    this.spec = spec;
    this.resources = resources;
    this.consumer = consumer;
    this.journal = journal;
    this.tap = tap;
    this.reporter = reporter;
    this.allocator =
        resources.allocator().newChildAllocator(spec.id().toString(), 0, Long.MAX_VALUE);
    this.input = new StepInput(spec, consumer, allocator);
    this.idle = new IdleWatch(spec, resources);
  }

  /**
   * Takes the journal; waits while another owner holds it.
   *
   * @return empty if {@code active} became false before
   */
  static Optional<TaskSession> take(
      TaskSpec spec,
      TaskResources resources,
      PartitionConsumer consumer,
      Tap tap,
      BooleanSupplier active,
      Consumer<TaskReport> reporter)
      throws InterruptedException {
    while (active.getAsBoolean()) {
      try {
        ExclusiveLog<StepRecord> journal =
            ExclusiveLog.take(resources.pulsar(), spec.journalTopic(), StepRecord.class);
        return Optional.of(new TaskSession(spec, resources, consumer, journal, tap, reporter));
      } catch (FencedOutException e) {
        reporter.accept(
            TaskReport.STARTING.with(
                TaskStatus.State.STARTING, "waits until the last owner lets the journal go"));
        Thread.sleep(100);
      }
    }
    return Optional.empty();
  }

  /**
   * Runs until {@code active} is false, then finishes what is on its way if {@code drain} says so.
   *
   * @throws TransportException if Pulsar or a sink fails; the session is to be closed then
   */
  void run(BooleanSupplier active, BooleanSupplier drain)
      throws InterruptedException, ConnectorException {
    List<ExclusiveLog.Entry<StepRecord>> recorded = Replay.recorded(journal);
    open();
    if (!recorded.isEmpty()) {
      StepRecord last = recorded.get(recorded.size() - 1).record();
      counts.putAll(last.counts());
      progress = last.progress();
      steps.startAfter(last.step() - 1);
    }
    report(TaskStatus.State.RUNNING);
    if (!repeat(recorded, active)) {
      return;
    }
    while (active.getAsBoolean()) {
      Optional<StepInput.Gathered> gathered =
          steps.unpublished() < bounds.stepsInFlight() ? input.gather(bounds) : pause();
      if (gathered.isPresent()) {
        idle.saw(gathered.get());
        process(gathered.get());
      } else {
        idle.nothingCame();
      }
      finishSteps();
      report(TaskStatus.State.RUNNING);
    }
    if (drain.getAsBoolean()) {
      drain();
    }
  }

  private void open() throws ConnectorException {
    Map<String, byte[]> tables = new HashMap<>();
    spec.tableHashes()
        .forEach(
            (table, hash) ->
                tables.put(table, resources.tables().load(spec.id().pipeline(), table, hash)));
    runner =
        Optional.of(
            resources
                .engine()
                .open(
                    spec.plan(),
                    spec.chain(),
                    spec.id().local(),
                    spec.upstreamTasks(),
                    tables,
                    allocator,
                    new Engine.Limits(
                        resources.windowBytes(), resources.spillFolder(spec.id()), OUTPUT_ROWS)));
    runner().tap(tap);
    Map<String, ForeignSink> foreign = ForeignSink.of(spec, resources.pulsar());
    outbox =
        Optional.of(
            new Outbox(
                spec,
                allocator,
                bounds.messageBytes(),
                foreign,
                resources.pulsar().publishing(),
                this::outputProducer));
    for (Output output : spec.chain().outputs()) {
      if (output instanceof Output.ToSink toSink && !foreign.containsKey(toSink.sink())) {
        openLane(toSink);
      }
    }
  }

  private void openLane(Output.ToSink output) throws ConnectorException {
    Sink sink = spec.sinks().get(output.sink());
    if (sink == null) {
      throw new IllegalStateException("No sink is called " + output.sink());
    }
    for (SinkConnector connector : resources.sinks()) {
      if (connector.serves(sink)) {
        String task = spec.id() + "/" + output.from() + "/" + output.sink();
        SinkLane lane =
            new SinkLane(
                output.sink(),
                connector.open(sink, task, spec.plan().schema(output.from()), allocator),
                resources.clock());
        lanes.put(laneName(output), lane);
        lane.start();
        return;
      }
    }
    throw new ConnectorException(
        "No connector here serves sink '" + output.sink() + "'; is its jar on the class path?");
  }

  private static String laneName(Output.ToSink output) {
    return output.from() + " > " + output.sink();
  }

  private PartitionProducer outputProducer(String topic) {
    String name = ForeignSink.producerName(spec.id(), topic);
    for (int attempt = 0; ; attempt++) {
      try {
        return PartitionProducer.open(
            resources.pulsar(), topic, Optional.of(name), PartitionProducer.Access.SHARED);
      } catch (FencedOutException e) {
        // The last owner's connection may take the broker's keep-alive to be given up.
        if (attempt == 100) {
          throw e;
        }
        try {
          Thread.sleep(200);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw e;
        }
      }
    }
  }

  /** Repeats recorded steps; returns whether the session goes on. */
  private boolean repeat(List<ExclusiveLog.Entry<StepRecord>> recorded, BooleanSupplier active)
      throws InterruptedException {
    Optional<Position> first = input.peek();
    while (first.isEmpty()) {
      if (!active.getAsBoolean()) {
        return false;
      }
      idle.nothingCame();
      first = input.peek();
    }
    Replay replay = new Replay(recorded, first.get());
    while (first.isPresent() && replay.skips(first.get())) {
      input.drop();
      first = input.peek();
    }
    replay.next().ifPresent(record -> runner().restore(record.upstreams()));
    while (replay.next().isPresent()) {
      if (!active.getAsBoolean()) {
        return false;
      }
      ExclusiveLog.Entry<StepRecord> entry = replay.take();
      StepRecord record = entry.record();
      step = record.step();
      keepFrom = record.keepFrom();
      counts.clear();
      counts.putAll(record.counts());
      if (record.closing()) {
        steps.startAfter(step);
        continue;
      }
      StepInput.Gathered gathered = input.gatherThrough(record.last());
      idle.saw(gathered);
      compute(
          gathered, CompletableFuture.completedFuture(entry.position()), !replay.finished(record));
      finishSteps();
    }
    return true;
  }

  private void process(StepInput.Gathered gathered) throws InterruptedException {
    compute(gathered, record(gathered), true);
  }

  private CompletableFuture<Position> record(StepInput.Gathered gathered) {
    try {
      step++;
      long needs = needsFrom < 0 ? gathered.firstOrdinal() : needsFrom;
      return journal.append(
          new StepRecord(
              step,
              false,
              gathered.first(),
              gathered.last(),
              input.track().position(needs),
              spec.revision(),
              resources.engine().version(),
              runner().upstreams(),
              progress,
              counts,
              keepFrom));
    } catch (RuntimeException e) {
      gathered.close();
      throw e;
    }
  }

  private void compute(
      StepInput.Gathered gathered, CompletableFuture<Position> recorded, boolean send)
      throws InterruptedException {
    try (StepResult result = runner().step(gathered.arrivals())) {
      progress = result.progress();
      result.counts().forEach((stage, more) -> counts.merge(stage, more, Counts::plus));
      needsFrom = Math.min(result.oldestNeeded(), gathered.afterOrdinal());
      CompletableFuture<Void> published = CompletableFuture.completedFuture(null);
      if (send) {
        published = outbox().send(step, result, recorded);
      } else {
        outbox().skip(result.progress());
      }
      offerToLanes(result, send);
      steps.add(
          new Step(
              step,
              gathered.last(),
              needsFrom,
              gathered.firstOrdinal(),
              gathered.afterOrdinal(),
              recorded,
              published));
    }
  }

  private void offerToLanes(StepResult result, boolean send) throws InterruptedException {
    for (Map.Entry<String, SinkLane> lane : lanes.entrySet()) {
      List<VectorSchemaRoot> rows = new ArrayList<>();
      for (StepResult.Emission emission : result.emissions()) {
        if (send
            && emission.output() instanceof Output.ToSink output
            && laneName(output).equals(lane.getKey())) {
          rows.add(Slices.share(emission.rows()));
        }
      }
      lane.getValue().offer(step, rows);
    }
  }

  private void finishSteps() {
    long committed = Long.MAX_VALUE;
    for (SinkLane lane : lanes.values()) {
      committed = Math.min(committed, lane.committed());
    }
    steps
        .finish(committed)
        .ifPresent(
            below -> {
              input.track().acknowledgeBelow(below).ifPresent(consumer::acknowledge);
              steps.dropBelow(below);
              steps
                  .oldestRecord()
                  .filter(oldest -> keepFrom.isEmpty() || oldest.compareTo(keepFrom.get()) > 0)
                  .ifPresent(this::keepJournalFrom);
            });
  }

  private void keepJournalFrom(Position oldest) {
    // The newest record on disk still names the old place: forget only what is before that.
    keepFrom
        .filter(old -> old.entry() > 0)
        .ifPresent(old -> journal.forgetThrough(new Position(old.ledger(), old.entry() - 1)));
    keepFrom = Optional.of(oldest);
  }

  private Optional<StepInput.Gathered> pause() throws InterruptedException {
    Thread.sleep(1);
    return Optional.empty();
  }

  private void drain() throws InterruptedException {
    lanes.values().forEach(SinkLane::flush);
    long deadline = resources.clock().millis() + 10_000;
    while (!steps.allFinished() && resources.clock().millis() < deadline) {
      finishSteps();
      Thread.sleep(5);
    }
    if (steps.allFinished()) {
      Optional<Step> last = steps.last();
      if (last.isPresent()) {
        closeJournal(last.get());
      }
    }
    report(TaskStatus.State.STOPPED);
  }

  /**
   * Records where the task stands, so that its next owner, perhaps of another revision, repeats
   * nothing; then even the newest step's messages may go.
   */
  private void closeJournal(Step last) throws InterruptedException {
    StepRecord closing =
        new StepRecord(
            last.number() + 1,
            true,
            last.last(),
            last.last(),
            last.last(),
            spec.revision(),
            resources.engine().version(),
            runner().upstreams(),
            progress,
            counts,
            keepFrom);
    try {
      journal.append(closing).get(5, TimeUnit.SECONDS);
      input.track().acknowledgeBelow(needsFrom).ifPresent(consumer::acknowledge);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Task {} did not close its journal: its next owner repeats a step", spec.id());
    }
  }

  private void report(TaskStatus.State state) {
    reporter.accept(new TaskReport(state, "", steps.finished(), counts, progress));
  }

  private TaskRunner runner() {
    return runner.orElseThrow();
  }

  private Outbox outbox() {
    return outbox.orElseThrow();
  }

  /** Lets everything go, in this order, whatever fails on the way. */
  @Override
  public void close() {
    List<Runnable> parts = new ArrayList<>();
    lanes.values().forEach(lane -> parts.add(lane::close));
    outbox.ifPresent(o -> parts.add(o::close));
    parts.add(idle::close);
    parts.add(input::close);
    runner.ifPresent(r -> parts.add(r::close));
    parts.add(journal::close);
    parts.add(allocator::close);
    List<RuntimeException> failures = new ArrayList<>();
    for (Runnable part : parts) {
      try {
        part.run();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }
}
