package io.sagitta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatherTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  @Test
  void rows_everyType_copiesValuesAndNulls() {
    try (VectorSchemaRoot root =
            new Batches(allocator)
                .column("bool", ArrowType.Bool.INSTANCE, true, null, false)
                .column("i8", new ArrowType.Int(8, true), 1, null, -3)
                .column("i16", new ArrowType.Int(16, true), 1, null, -3)
                .column("i32", new ArrowType.Int(32, true), 1, null, -3)
                .column("i64", new ArrowType.Int(64, true), 1, null, -3)
                .column(
                    "f64", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), 1, null, 2)
                .column(
                    "dec", new ArrowType.Decimal(9, 2, 128), BigDecimal.ONE, null, BigDecimal.TEN)
                .column("day", new ArrowType.Date(DateUnit.DAY), 1, null, 9)
                .column("s", ArrowType.Utf8.INSTANCE, "", null, "a long string, over eight bytes")
                .column("b", ArrowType.Binary.INSTANCE, new byte[] {1}, null, new byte[] {2, 3})
                .build();
        VectorSchemaRoot rows = Gather.rows(root, new int[] {2, 1, 0, 2, 99}, 4, allocator)) {
      int[] expected = {2, 1, 0, 2};
      for (int c = 0; c < root.getFieldVectors().size(); c++) {
        for (int i = 0; i < expected.length; i++) {
          assertThat(rows.getVector(c).getObject(i))
              .as("column %s, row %s", c, i)
              .isEqualTo(root.getVector(c).getObject(expected[i]));
        }
      }
      assertThat(rows.getVector("s").getNullCount()).isEqualTo(1);
    }
  }

  @Test
  void rows_manyRandomRows_equalCellByCell() {
    SplittableRandom random = new SplittableRandom(5);
    for (int count : new int[] {0, 1, 7, 8, 9, 63, 500}) {
      int[] indices = random.ints(count, 0, 300).toArray();
      try (VectorSchemaRoot root = Flights.batch(300, 9, allocator);
          VectorSchemaRoot rows = Gather.rows(root, indices, count, allocator)) {
        assertThat(rows.getRowCount()).isEqualTo(count);
        for (int c = 0; c < 5; c++) {
          for (int i = 0; i < count; i++) {
            assertThat(rows.getVector(c).getObject(i))
                .isEqualTo(root.getVector(c).getObject(indices[i]));
          }
        }
        try (VectorSchemaRoot back = IpcCodec.decode(IpcCodec.encode(rows), allocator)) {
          assertThat(back.equals(rows)).isTrue();
        }
      }
    }
  }

  @Test
  void rows_nestedColumns_areCopiedToo() {
    ListVector lists = ListVector.empty("l", allocator);
    UnionListWriter writer = lists.getWriter();
    for (int i = 0; i < 3; i++) {
      writer.setPosition(i);
      writer.startList();
      for (int j = 0; j < i; j++) {
        writer.writeInt(10 * i + j);
      }
      writer.endList();
    }
    lists.setValueCount(3);
    try (VectorSchemaRoot root = VectorSchemaRoot.of(lists);
        VectorSchemaRoot rows = Gather.rows(root, new int[] {2, 0}, 2, allocator)) {
      assertThat(rows.getVector("l").getObject(0)).hasToString("[20,21]");
      assertThat(rows.getVector("l").getObject(1)).hasToString("[]");
    }
  }

  @Test
  void rows_indexOutside_throwsBeforeCopying() {
    try (VectorSchemaRoot root = Flights.batch(3, 1, allocator)) {
      assertThatThrownBy(() -> Gather.rows(root, new int[] {0, 3}, 2, allocator))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> Gather.rows(root, new int[] {-1}, 1, allocator))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
