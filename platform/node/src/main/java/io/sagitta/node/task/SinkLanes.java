package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.SinkConnector;
import io.sagitta.definition.Sink;
import io.sagitta.engine.Chain.Output;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.codec.Slices;
import io.sagitta.transport.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The lanes of one task's session, one for each sink that is not a topic. */
final class SinkLanes implements AutoCloseable {
  private final TaskSpec spec;
  private final TaskResources resources;
  private final BufferAllocator allocator;
  private final Map<String, SinkLane> lanes = new LinkedHashMap<>();

  /** Creates none; {@link #open} begins. */
  SinkLanes(TaskSpec spec, TaskResources resources, BufferAllocator allocator) {
    this.spec = spec;
    this.resources = resources;
    this.allocator = allocator;
  }

  /**
   * Opens the lanes of all sinks but {@code foreign}, which are topics.
   *
   * @throws ConnectorException if a sink cannot be reached; those opened before stay open
   */
  void open(Set<String> foreign) throws ConnectorException {
    for (Output output : spec.chain().outputs()) {
      if (output instanceof Output.ToSink toSink && !foreign.contains(toSink.sink())) {
        open(toSink);
      }
    }
  }

  private void open(Output.ToSink output) throws ConnectorException {
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
                connector.open(
                    sink,
                    resources.reach().apply(spec.id().pipeline()),
                    task,
                    spec.plan().schema(output.from()),
                    allocator),
                resources.clock());
        lanes.put(name(output), lane);
        lane.start();
        return;
      }
    }
    throw new ConnectorException(
        "No connector here serves sink '" + output.sink() + "'; is its jar on the class path?");
  }

  private static String name(Output.ToSink output) {
    return output.from() + " > " + output.sink();
  }

  /**
   * Hands a step to every lane, with its rows or, if it is repeated for its state alone, without.
   *
   * @param result stays the caller's
   * @param recorded completes when the step's record is in the journal
   */
  void offer(long step, StepResult result, boolean send, CompletableFuture<Position> recorded)
      throws InterruptedException {
    for (Map.Entry<String, SinkLane> lane : lanes.entrySet()) {
      List<VectorSchemaRoot> rows = new ArrayList<>();
      for (StepResult.Emission emission : result.emissions()) {
        if (send
            && emission.output() instanceof Output.ToSink output
            && name(output).equals(lane.getKey())) {
          rows.add(Slices.share(emission.rows()));
        }
      }
      lane.getValue().offer(step, rows, recorded);
    }
  }

  /** Returns the last step that all sinks have committed. */
  long committed() {
    long committed = Long.MAX_VALUE;
    for (SinkLane lane : lanes.values()) {
      committed = Math.min(committed, lane.committed());
    }
    return committed;
  }

  /** Asks all sinks for a commit as soon as all that was offered is written. */
  void flush() {
    lanes.values().forEach(SinkLane::flush);
  }

  /** Completes when no lane holds rows any more. */
  CompletableFuture<Void> ended() {
    return CompletableFuture.allOf(
        lanes.values().stream().map(SinkLane::ended).toArray(CompletableFuture[]::new));
  }

  @Override
  public void close() {
    lanes.values().forEach(SinkLane::close);
  }
}
