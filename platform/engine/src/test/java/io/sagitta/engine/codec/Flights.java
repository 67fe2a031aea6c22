package io.sagitta.engine.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Batches that look like the flights sample: five columns, some NULLs, seeded. */
final class Flights {
  static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.nullable("date", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
              Field.nullable("delay", new ArrowType.Int(32, true)),
              Field.nullable("distance", new ArrowType.Int(64, true)),
              Field.nullable("origin", ArrowType.Utf8.INSTANCE),
              Field.nullable("destination", ArrowType.Utf8.INSTANCE)));
  private static final long START_MICROS = 978_307_260_000_000L;

  private Flights() {}

  static VectorSchemaRoot batch(int rows, long seed, BufferAllocator allocator) {
    SplittableRandom random = new SplittableRandom(seed);
    VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, allocator);
    TimeStampMicroTZVector date = (TimeStampMicroTZVector) root.getVector(0);
    IntVector delay = (IntVector) root.getVector(1);
    BigIntVector distance = (BigIntVector) root.getVector(2);
    VarCharVector origin = (VarCharVector) root.getVector(3);
    VarCharVector destination = (VarCharVector) root.getVector(4);
    for (int i = 0; i < rows; i++) {
      date.setSafe(i, START_MICROS + i * 5_000_000L);
      if (random.nextInt(50) == 0) {
        delay.setNull(i);
      } else {
        delay.setSafe(i, random.nextInt(-20, 200));
      }
      distance.setSafe(i, random.nextInt(50, 5000));
      origin.setSafe(i, airport(random));
      destination.setSafe(i, airport(random));
    }
    root.setRowCount(rows);
    return root;
  }

  private static byte[] airport(SplittableRandom random) {
    int n = random.nextInt(220);
    char[] code = {(char) ('A' + n % 26), (char) ('A' + n / 26), (char) ('A' + n % 7)};
    return new String(code).getBytes(StandardCharsets.US_ASCII);
  }
}
