package io.sagitta.engine.run;

import io.sagitta.engine.Quarantine;
import io.sagitta.engine.WireSchemas;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The rows that a step sends to quarantine. */
final class QuarantineBuffer implements AutoCloseable {
  /** Reason of a row that came after its windows had closed, or its key was forgotten. */
  static final String LATE = "late";

  /** Reason of a row without an event time. */
  static final String NO_EVENT_TIME = "event_time";

  private final BufferAllocator allocator;
  private Optional<VectorSchemaRoot> rows = Optional.empty();

  QuarantineBuffer(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** Adds row {@code row} of {@code batch}, which stays the caller's. */
  void add(String stage, String reason, Optional<String> detail, VectorSchemaRoot batch, int row) {
    VectorSchemaRoot to = open();
    int at = to.getRowCount();
    text(to, Quarantine.STAGE, at, stage);
    text(to, Quarantine.REASON, at, reason);
    detail.ifPresent(d -> text(to, Quarantine.DETAIL, at, d));
    text(to, Quarantine.ROW, at, JsonRows.of(batch, row));
    eventTime(batch, row)
        .ifPresent(
            micros ->
                ((TimeStampMicroTZVector) to.getVector(Quarantine.EVENT_TIME)).setSafe(at, micros));
    to.setRowCount(at + 1);
  }

  /** Adds rows that ingest rejected, unchanged; they stay the caller's. */
  void addAll(VectorSchemaRoot rejects) {
    VectorSchemaRoot to = open();
    int at = to.getRowCount();
    for (FieldVector column : to.getFieldVectors()) {
      FieldVector from = rejects.getVector(column.getName());
      for (int i = 0; i < rejects.getRowCount(); i++) {
        column.copyFromSafe(i, at + i, from);
      }
    }
    to.setRowCount(at + rejects.getRowCount());
  }

  /** Returns the rows, owned by the caller from now on; empty if there are none. */
  Optional<VectorSchemaRoot> take() {
    Optional<VectorSchemaRoot> taken = rows;
    rows = Optional.empty();
    return taken;
  }

  private VectorSchemaRoot open() {
    VectorSchemaRoot open =
        rows.orElseGet(
            () -> {
              VectorSchemaRoot created = VectorSchemaRoot.create(Quarantine.SCHEMA, allocator);
              created.getFieldVectors().forEach(column -> column.setInitialCapacity(16));
              created.allocateNew();
              return created;
            });
    rows = Optional.of(open);
    return open;
  }

  private static void text(VectorSchemaRoot to, String column, int at, String value) {
    ((VarCharVector) to.getVector(column)).setSafe(at, value.getBytes(StandardCharsets.UTF_8));
  }

  private static OptionalLong eventTime(VectorSchemaRoot batch, int row) {
    FieldVector column = batch.getVector(WireSchemas.EVENT_TIME);
    return column instanceof TimeStampMicroTZVector times && !times.isNull(row)
        ? OptionalLong.of(times.get(row))
        : OptionalLong.empty();
  }

  @Override
  public void close() {
    take().ifPresent(VectorSchemaRoot::close);
  }
}
