package io.sagitta.engine.codec;

import io.sagitta.engine.Quarantine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The rows of one body that cannot be taken, on their way to quarantine. */
final class Rejects {
  private static final int MAX_RAW_BYTES = 64 * 1024;

  private record Reject(
      RejectReason reason,
      String detail,
      Optional<byte[]> row,
      Optional<byte[]> raw,
      OptionalLong eventTime) {}

  private final String source;
  private final int limit;
  private final List<Reject> rejects = new ArrayList<>();

  Rejects(String source, int limit) {
    this.source = source;
    this.limit = limit;
  }

  /** Adds a row that could be read but not taken. */
  void addRow(RejectReason reason, String detail, byte[] json, OptionalLong eventTime) {
    add(new Reject(reason, detail, Optional.of(json), Optional.empty(), eventTime));
  }

  /** Adds bytes that are no row; beyond 64 KiB they are cut. */
  void addRaw(RejectReason reason, String detail, byte[] body, int from, int to) {
    byte[] raw = Arrays.copyOfRange(body, from, Math.min(to, from + MAX_RAW_BYTES));
    String cut =
        to - from > MAX_RAW_BYTES ? "; kept are its first " + MAX_RAW_BYTES + " bytes" : "";
    add(new Reject(reason, detail + cut, Optional.empty(), Optional.of(raw), OptionalLong.empty()));
  }

  private void add(Reject reject) {
    if (rejects.size() == limit) {
      throw new BadDataException(
          "Over %d rows of the body cannot be taken, so none was; the first: %s"
              .formatted(limit, rejects.get(0).detail()));
    }
    rejects.add(reject);
  }

  /**
   * Makes a batch of {@link Quarantine#SCHEMA}, owned by the caller; empty if all rows are good.
   */
  Optional<VectorSchemaRoot> finish(BufferAllocator allocator) {
    if (rejects.isEmpty()) {
      return Optional.empty();
    }
    VectorSchemaRoot root = VectorSchemaRoot.create(Quarantine.SCHEMA, allocator);
    try {
      byte[] stage = source.getBytes(StandardCharsets.UTF_8);
      VarCharVector stages = (VarCharVector) root.getVector(Quarantine.STAGE);
      VarCharVector reasons = (VarCharVector) root.getVector(Quarantine.REASON);
      VarCharVector details = (VarCharVector) root.getVector(Quarantine.DETAIL);
      VarCharVector rows = (VarCharVector) root.getVector(Quarantine.ROW);
      VarBinaryVector raws = (VarBinaryVector) root.getVector(Quarantine.RAW);
      TimeStampMicroTZVector times = (TimeStampMicroTZVector) root.getVector(Quarantine.EVENT_TIME);
      times.allocateNew(rejects.size());
      for (int i = 0; i < rejects.size(); i++) {
        Reject reject = rejects.get(i);
        stages.setSafe(i, stage);
        reasons.setSafe(i, reject.reason().word().getBytes(StandardCharsets.UTF_8));
        details.setSafe(i, reject.detail().getBytes(StandardCharsets.UTF_8));
        if (reject.row().isPresent()) {
          rows.setSafe(i, reject.row().get());
        }
        if (reject.raw().isPresent()) {
          raws.setSafe(i, reject.raw().get());
        }
        if (reject.eventTime().isPresent()) {
          times.setSafe(i, reject.eventTime().getAsLong());
        }
      }
      root.setRowCount(rejects.size());
      return Optional.of(root);
    } catch (RuntimeException | OutOfMemoryError e) {
      root.close();
      throw e;
    }
  }
}
