package io.sagitta.gateway.streams;

import io.sagitta.engine.WireSchemas;
import io.sagitta.service.Problem;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Which rows a client wants.
 *
 * @param fromMicros least event time, microseconds since 1970 UTC
 * @param toMicros event time that is too late already
 * @param keys wanted values by column, as text
 */
record Filter(OptionalLong fromMicros, OptionalLong toMicros, Map<String, String> keys) {
  static final Filter NONE = new Filter(OptionalLong.empty(), OptionalLong.empty(), Map.of());

  Filter {
    keys = Map.copyOf(keys);
  }

  /**
   * Returns the test of a row of {@code root}.
   *
   * @throws io.sagitta.service.ProblemException 400 if a value is none of its column's type
   */
  IntPredicate on(VectorSchemaRoot root) {
    List<IntPredicate> tests = new ArrayList<>();
    if (fromMicros.isPresent() || toMicros.isPresent()) {
      tests.add(timeTest(root));
    }
    keys.forEach((column, value) -> tests.add(keyTest(root, column, value)));
    IntPredicate[] all = tests.toArray(IntPredicate[]::new);
    return row -> {
      for (IntPredicate test : all) {
        if (!test.test(row)) {
          return false;
        }
      }
      return true;
    };
  }

  boolean isNone() {
    return equals(NONE);
  }

  private IntPredicate timeTest(VectorSchemaRoot root) {
    if (!(root.getVector(WireSchemas.EVENT_TIME) instanceof TimeStampMicroTZVector times)) {
      return row -> false;
    }
    long from = fromMicros.orElse(Long.MIN_VALUE);
    long to = toMicros.orElse(Long.MAX_VALUE);
    return row -> !times.isNull(row) && times.get(row) >= from && times.get(row) < to;
  }

  private static IntPredicate keyTest(VectorSchemaRoot root, String column, String value) {
    FieldVector vector = root.getVector(column);
    if (vector == null) {
      return row -> false;
    }
    IntPredicate equal;
    try {
      equal = equal(vector, value);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw Problem.of(
              400,
              "bad-filter",
              "Bad filter",
              "%s=%s: the column is of type %s; give a value of it."
                  .formatted(column, value, vector.getField().getType()))
          .exception();
    }
    return row -> !vector.isNull(row) && equal.test(row);
  }

  private static IntPredicate equal(FieldVector vector, String value) {
    if (vector instanceof VarCharVector strings) {
      byte[] wanted = value.getBytes(StandardCharsets.UTF_8);
      return row ->
          strings.getValueLength(row) == wanted.length && Arrays.equals(strings.get(row), wanted);
    } else if (vector instanceof BaseIntVector integers) {
      long wanted = Long.parseLong(value);
      return row -> integers.getValueAsLong(row) == wanted;
    } else if (vector instanceof FloatingPointVector numbers) {
      double wanted = Double.parseDouble(value);
      return row -> numbers.getValueAsDouble(row) == wanted;
    } else if (vector instanceof BitVector bits) {
      if (!value.equals("true") && !value.equals("false")) {
        throw new IllegalArgumentException(value);
      }
      int wanted = value.equals("true") ? 1 : 0;
      return row -> bits.get(row) == wanted;
    } else if (vector instanceof DecimalVector decimals) {
      BigDecimal wanted = new BigDecimal(value);
      return row -> decimals.getObjectNotNull(row).compareTo(wanted) == 0;
    } else if (vector instanceof DateDayVector dates) {
      long wanted = LocalDate.parse(value).toEpochDay();
      return row -> dates.get(row) == wanted;
    } else if (vector instanceof TimeStampMicroTZVector times) {
      long wanted = micros(value);
      return row -> times.get(row) == wanted;
    } else if (vector instanceof VarBinaryVector bytes) {
      byte[] wanted = java.util.Base64.getDecoder().decode(value);
      return row -> Arrays.equals(bytes.get(row), wanted);
    }
    throw new IllegalArgumentException("No filter for " + vector.getField());
  }

  /**
   * Parses an instant such as {@code 2001-01-01T00:00:00Z}, or a day.
   *
   * @throws DateTimeException if it is neither, or out of range
   */
  static long micros(String text) {
    Instant instant =
        text.length() == 10
            ? LocalDate.parse(text).atStartOfDay(java.time.ZoneOffset.UTC).toInstant()
            : java.time.OffsetDateTime.parse(text).toInstant();
    try {
      return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    } catch (ArithmeticException e) {
      throw new DateTimeException("out of range", e);
    }
  }
}
