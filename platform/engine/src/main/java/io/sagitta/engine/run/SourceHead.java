package io.sagitta.engine.run;

import io.sagitta.definition.EventTime;
import io.sagitta.definition.Source;
import io.sagitta.engine.Arrival;
import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.Gather;
import io.sagitta.engine.run.Ledger.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The head of a source's chain: it adds the event time and works out the watermark. */
final class SourceHead implements Head {
  private final String name;
  private final String task;
  private final Schema wire;
  private final Schema logical;
  private final String timeField;
  private final long latenessMicros;
  private final BufferAllocator allocator;
  private final Ledger ledger;
  private final QuarantineBuffer quarantine;
  private final List<VectorSchemaRoot> rows = new ArrayList<>();
  private Progress progress = Progress.NONE;

  SourceHead(TaskScope scope) {
    this.name = scope.head();
    Source source = scope.plan().definition().spec().sources().get(name);
    if (source == null) {
      throw new EngineException(name, "the definition has no such source");
    }
    this.task = scope.task();
    this.wire = WireSchemas.of(source);
    this.logical = scope.plan().schema(name);
    this.timeField = source.eventTime().map(EventTime::field).orElse(WireSchemas.EVENT_TIME);
    this.latenessMicros =
        source.eventTime().map(time -> Times.micros(time.maxLateness())).orElse(0L);
    this.allocator = scope.allocator();
    this.ledger = scope.ledger();
    this.quarantine = scope.quarantine();
  }

  @Override
  public void begin(long first) {}

  @Override
  public void rows(Arrival.Rows arrival) {
    VectorSchemaRoot batch = withEventTime(arrival.rows());
    int came = batch.getRowCount();
    ledger.add(name, Figure.IN, came);
    batch = withoutTimeless(batch);
    ledger.add(name, Figure.OUT, batch.getRowCount());
    ledger.add(name, Figure.QUARANTINED, came - batch.getRowCount());
    if (batch.getRowCount() == 0) {
      batch.close();
      return;
    }
    rows.add(batch);
    long seen = Math.max(progress.seenMicros(), Times.max(batch));
    long watermark = Math.max(progress.watermarkMicros(), Times.plus(seen, -latenessMicros));
    progress = new Progress(watermark, seen, Activity.ACTIVE);
  }

  private VectorSchemaRoot withEventTime(VectorSchemaRoot came) {
    List<Field> fields = logical.getFields();
    List<FieldVector> adopted = Batches.adopt(name, came, wire.getFields(), allocator);
    int time = wire.getFields().indexOf(wire.findField(timeField));
    FieldVector times = Batches.share(adopted.get(time), fields.get(fields.size() - 1), allocator);
    List<FieldVector> columns = new ArrayList<>(adopted);
    if (timeField.equals(WireSchemas.EVENT_TIME)) {
      columns.remove(time).close();
    }
    columns.add(times);
    return new VectorSchemaRoot(logical, columns, came.getRowCount());
  }

  private VectorSchemaRoot withoutTimeless(VectorSchemaRoot batch) {
    FieldVector times = batch.getVector(WireSchemas.EVENT_TIME);
    if (times.getNullCount() == 0) {
      return batch;
    }
    int[] timed = new int[batch.getRowCount()];
    int count = 0;
    for (int i = 0; i < timed.length; i++) {
      if (times.isNull(i)) {
        quarantine.add(
            name,
            QuarantineBuffer.NO_EVENT_TIME,
            Optional.of("'" + timeField + "' has no value"),
            batch,
            i);
      } else {
        timed[count++] = i;
      }
    }
    try (batch) {
      return Gather.rows(batch, timed, count, allocator);
    }
  }

  @Override
  public void signal(Arrival.Signal signal) {
    progress =
        new Progress(
            progress.watermarkMicros(), progress.seenMicros(), signal.progress().activity());
  }

  @Override
  public List<VectorSchemaRoot> end() {
    List<VectorSchemaRoot> made = List.copyOf(rows);
    rows.clear();
    return made;
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public long oldestNeeded() {
    return Long.MAX_VALUE;
  }

  @Override
  public Map<String, Progress> upstreams() {
    return Map.of(task, progress);
  }

  @Override
  public void restore(Map<String, Progress> upstreams) {
    progress = upstreams.getOrDefault(task, Progress.NONE);
  }

  @Override
  public void close() {
    Batches.close(rows);
    rows.clear();
  }
}
