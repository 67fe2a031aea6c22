package io.sagitta.engine.run;

import io.sagitta.engine.WireSchemas;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Event time in microseconds since 1970 UTC. */
final class Times {
  private Times() {}

  /** Returns the event times of {@code batch}. */
  static TimeStampMicroTZVector of(VectorSchemaRoot batch) {
    return (TimeStampMicroTZVector) batch.getVector(WireSchemas.EVENT_TIME);
  }

  /** Returns the greatest event time in {@code batch}, {@link Long#MIN_VALUE} if there is none. */
  static long max(VectorSchemaRoot batch) {
    TimeStampMicroTZVector times = of(batch);
    boolean nulls = times.getNullCount() > 0;
    long at = times.getDataBuffer().memoryAddress();
    long max = Long.MIN_VALUE;
    for (int i = 0; i < batch.getRowCount(); i++) {
      if (!nulls || !times.isNull(i)) {
        max = Math.max(max, MemoryUtil.getLong(at + 8L * i));
      }
    }
    return max;
  }

  /** Returns the sum, or the end of time it would go beyond. */
  static long plus(long micros, long more) {
    long sum = micros + more;
    boolean overflows = ((micros ^ sum) & (more ^ sum)) < 0;
    return overflows ? (more > 0 ? Long.MAX_VALUE : Long.MIN_VALUE) : sum;
  }

  static long micros(Duration duration) {
    return Math.addExact(
        Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
