package io.sagitta.control.quarantine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.Source;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.BadDataException;
import io.sagitta.engine.codec.KeyPartitioner;
import io.sagitta.engine.codec.RowDecoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.engine.codec.Slices;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Reads rows of one source from the JSON that quarantine keeps. */
final class SourceRows {
  private final String name;
  private final Source source;
  private final BufferAllocator allocator;

  SourceRows(String name, Source source, BufferAllocator allocator) {
    this.name = name;
    this.source = source;
    this.allocator = allocator;
  }

  /** Returns the rows, and those that cannot be read; owned by the caller. */
  RowDecoder.Decoded decode(List<String> rows, long arrivalMicros) {
    // Objects one after the other, since one of them may go over several lines.
    byte[] body = String.join("\n", rows).getBytes(StandardCharsets.UTF_8);
    return RowDecoder.of(name, source)
        .decode(
            RowFormat.JSON_ARRAY,
            ByteBuffer.wrap(body),
            Instant.EPOCH.plus(arrivalMicros, ChronoUnit.MICROS),
            allocator);
  }

  /** What stands between a row and its source, or the partition that takes it. */
  record Checked(Optional<String> problem, int partition) {}

  /** Checks whether the source can take {@code row}, and where. */
  Checked check(String row, KeptRow kept, int partitions) {
    try (RowDecoder.Decoded decoded = decode(List.of(row), kept.arrivalMicros())) {
      if (decoded.rejects().isPresent()) {
        Object detail = decoded.rejects().get().getVector(Quarantine.DETAIL).getObject(0);
        return refused("source '" + name + "' cannot take it: " + detail);
      } else if (decoded.rows().getRowCount() != 1) {
        return refused("it is not one JSON object");
      }
      return new Checked(Optional.empty(), partition(decoded.rows(), kept, partitions));
    } catch (BadDataException e) {
      return refused("source '" + name + "' cannot take it: " + e.getMessage());
    }
  }

  private static Checked refused(String problem) {
    return new Checked(Optional.of(problem), 0);
  }

  private int partition(VectorSchemaRoot row, KeptRow kept, int partitions) {
    if (source.key().isEmpty() || partitions == 1) {
      return (int) Math.floorMod(kept.place().message().entry(), (long) partitions);
    }
    List<KeyPartitioner.Part> parts =
        KeyPartitioner.split(Slices.share(row), source.key(), partitions, allocator);
    parts.forEach(part -> part.rows().close());
    return parts.get(0).partition();
  }

  /**
   * Returns {@code row} with its event time, which quarantine keeps beside the row if the column is
   * called {@code event_time}.
   */
  String withEventTime(ObjectNode row, KeptRow kept) {
    boolean beside =
        source.eventTime().map(EventTime::field).filter(WireSchemas.EVENT_TIME::equals).isPresent();
    if (beside && !row.has(WireSchemas.EVENT_TIME) && kept.eventTimeMicros().isPresent()) {
      Instant time = Instant.EPOCH.plus(kept.eventTimeMicros().getAsLong(), ChronoUnit.MICROS);
      return RowJson.text(row.deepCopy().put(WireSchemas.EVENT_TIME, time.toString()));
    }
    return RowJson.text(row);
  }

  /** The arrival of a row where that is its event time; else the same for all rows. */
  long arrivalMicros(KeptRow kept) {
    return source.eventTime().isPresent() ? 0 : kept.arrivalMicros();
  }
}
