package io.sagitta.control.quarantine;

import io.sagitta.engine.Quarantine;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Reads rows from the quarantine of a pipeline, leaving no trace there. */
final class QuarantineTopic {
  private static final int PATIENCE_MILLIS = 15_000;
  private static final int QUEUED = 4;

  private final PulsarConnection connection;
  private final BufferAllocator allocator;

  QuarantineTopic(PulsarConnection connection, BufferAllocator allocator) {
    this.connection = connection;
    this.allocator = allocator;
  }

  /**
   * Shows the rows that are there, oldest first, until {@code wantsMore} says no.
   *
   * @param after rows up to here are left out
   */
  void read(PipelineId pipeline, Optional<RowPlace> after, Predicate<KeptRow> wantsMore)
      throws InterruptedException {
    String topic = Topics.partition(Topics.quarantine(pipeline), 0);
    PartitionReader.Start start =
        after
            .<PartitionReader.Start>map(place -> new PartitionReader.Start.At(place.message()))
            .orElseGet(PartitionReader.Start.Earliest::new);
    try (PartitionReader reader = PartitionReader.open(connection, topic, start, QUEUED)) {
      boolean goOn = true;
      while (goOn && reader.hasNext()) {
        Optional<Received> next = reader.next(PATIENCE_MILLIS);
        if (next.isEmpty()) {
          throw new TransportException(
              topic + " did not give a row in " + PATIENCE_MILLIS / 1000 + " s");
        }
        try (Received message = next.get()) {
          goOn = show(message, after, wantsMore);
        }
      }
    }
  }

  private boolean show(Received message, Optional<RowPlace> after, Predicate<KeptRow> wantsMore) {
    if (message.header().kind() == Header.Kind.SIGNAL) {
      return true;
    }
    try (VectorSchemaRoot rows = IpcCodec.decode(message.payload(), allocator)) {
      for (int row = 0; row < rows.getRowCount(); row++) {
        RowPlace place = new RowPlace(message.position(), row);
        boolean behind = after.isEmpty() || place.compareTo(after.get()) > 0;
        if (behind && !wantsMore.test(kept(rows, place, message.publishedMillis()))) {
          return false;
        }
      }
    }
    return true;
  }

  private static KeptRow kept(VectorSchemaRoot rows, RowPlace place, long publishedMillis) {
    int row = place.row();
    VarBinaryVector raw = (VarBinaryVector) rows.getVector(Quarantine.RAW);
    TimeStampMicroTZVector time = (TimeStampMicroTZVector) rows.getVector(Quarantine.EVENT_TIME);
    return new KeptRow(
        place,
        text(rows, Quarantine.STAGE, row).orElse(""),
        text(rows, Quarantine.REASON, row).orElse(""),
        text(rows, Quarantine.DETAIL, row),
        text(rows, Quarantine.ROW, row),
        raw.isNull(row) ? Optional.empty() : Optional.of(raw.get(row)),
        time.isNull(row) ? OptionalLong.empty() : OptionalLong.of(time.get(row)),
        publishedMillis);
  }

  private static Optional<String> text(VectorSchemaRoot rows, String column, int row) {
    VarCharVector vector = (VarCharVector) rows.getVector(column);
    return vector.isNull(row)
        ? Optional.empty()
        : Optional.of(new String(vector.get(row), StandardCharsets.UTF_8));
  }
}
