package io.sagitta.connectors;

import static io.sagitta.connectors.PlainRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every sink must do; each connector's tests extend it. */
public abstract class SinkContract {
  /** A column of rows with a number each. */
  protected static final Schema NUMBERS =
      new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(64, true)),
              Field.nullable("name", ArrowType.Utf8.INSTANCE)));

  /** A column of each type that a definition can declare. */
  protected static final Schema TYPES =
      new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(64, true)),
              Field.nullable("flag", ArrowType.Bool.INSTANCE),
              Field.nullable("tiny", new ArrowType.Int(8, true)),
              Field.nullable("small", new ArrowType.Int(16, true)),
              Field.nullable("number", new ArrowType.Int(32, true)),
              Field.nullable("big", new ArrowType.Int(64, true)),
              Field.nullable("real", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
              Field.nullable("double", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
              Field.nullable("money", new ArrowType.Decimal(12, 2, 128)),
              Field.nullable("huge", new ArrowType.Decimal(38, 10, 128)),
              Field.nullable("Text \"quoted\"", ArrowType.Utf8.INSTANCE),
              Field.nullable("bytes", ArrowType.Binary.INSTANCE),
              Field.nullable("day", new ArrowType.Date(DateUnit.DAY)),
              Field.nullable("at", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"))));

  protected BufferAllocator allocator = new RootAllocator();

  @BeforeEach
  void openAllocator() {
    allocator = new RootAllocator();
  }

  /** A leaked buffer fails the test. */
  @AfterEach
  void closeAllocator() {
    allocator.close();
  }

  /** Opens the writer of {@code task} on this test's target. */
  protected abstract SinkWriter open(String task, Schema schema) throws Exception;

  /** Returns the rows that a reader outside sees, in the order of the column {@code id}. */
  protected abstract List<List<@Nullable Object>> visible(Schema schema) throws Exception;

  /** Returns every trace of {@code writers} that are gone: temporary files, tables. */
  protected abstract List<String> leftovers() throws Exception;

  protected void write(
      SinkWriter writer, long step, Schema schema, List<List<@Nullable Object>> rows)
      throws Exception {
    try (VectorSchemaRoot batch = PlainRows.batch(schema, allocator, rows)) {
      writer.write(step, batch);
    }
  }

  protected static List<@Nullable Object> number(long id) {
    return row(id, "row " + id);
  }

  @Test
  void open_newTask_hasCommittedNothing() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      assertThat(writer.committedStep()).isZero();
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void write_beforeCommit_showsNothing() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      write(writer, 1, NUMBERS, List.of(number(1), number(2)));
      assertThat(visible(NUMBERS)).isEmpty();
      assertThat(writer.committedStep()).isZero();
    }
    assertThat(visible(NUMBERS)).isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void commit_severalSteps_showsAllRows() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      write(writer, 1, NUMBERS, List.of(number(1)));
      write(writer, 2, NUMBERS, List.of(number(2)));
      write(writer, 2, NUMBERS, List.of(number(3)));
      writer.commit(3);
      assertThat(visible(NUMBERS)).containsExactly(number(1), number(2), number(3));
      write(writer, 4, NUMBERS, List.of(number(4)));
      writer.commit(4);
      assertThat(writer.committedStep()).isEqualTo(4);
    }
    assertThat(visible(NUMBERS)).containsExactly(number(1), number(2), number(3), number(4));
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void commit_withoutRows_movesTheStep() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      writer.commit(7);
      assertThat(writer.committedStep()).isEqualTo(7);
      write(writer, 8, NUMBERS, List.of());
      writer.commit(8);
    }
    try (SinkWriter again = open("t/0", NUMBERS)) {
      assertThat(again.committedStep()).isEqualTo(8);
    }
    assertThat(visible(NUMBERS)).isEmpty();
  }

  @Test
  void open_afterCommit_reportsTheStep() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      write(writer, 1, NUMBERS, List.of(number(1)));
      writer.commit(5);
    }
    try (SinkWriter again = open("t/0", NUMBERS)) {
      assertThat(again.committedStep()).isEqualTo(5);
      assertThat(visible(NUMBERS)).containsExactly(number(1));
    }
  }

  @Test
  void crash_betweenWriteAndCommit_deliversOnce() throws Exception {
    try (SinkWriter crashed = open("t/0", NUMBERS)) {
      write(crashed, 1, NUMBERS, List.of(number(1)));
      crashed.commit(1);
      write(crashed, 2, NUMBERS, List.of(number(2)));
    }
    try (SinkWriter again = open("t/0", NUMBERS)) {
      assertThat(again.committedStep()).isEqualTo(1);
      write(again, 2, NUMBERS, List.of(number(2)));
      again.commit(2);
    }
    assertThat(visible(NUMBERS)).containsExactly(number(1), number(2));
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void commit_afterAnotherOpened_isFenced() throws Exception {
    try (SinkWriter zombie = open("t/0", NUMBERS)) {
      write(zombie, 1, NUMBERS, List.of(number(1)));
      zombie.commit(1);
      try (SinkWriter owner = open("t/0", NUMBERS)) {
        assertThat(owner.committedStep()).isEqualTo(1);
        write(zombie, 2, NUMBERS, List.of(number(2)));
        assertThatThrownBy(() -> zombie.commit(2)).isInstanceOf(FencedException.class);
        assertThat(visible(NUMBERS)).containsExactly(number(1));
        write(owner, 2, NUMBERS, List.of(number(2)));
        owner.commit(2);
      }
    }
    assertThat(visible(NUMBERS)).containsExactly(number(1), number(2));
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void commit_afterAnotherCommitted_isFencedForEver() throws Exception {
    try (SinkWriter zombie = open("t/0", NUMBERS)) {
      write(zombie, 1, NUMBERS, List.of(number(1)));
      try (SinkWriter owner = open("t/0", NUMBERS)) {
        for (long step = 1; step <= 5; step++) {
          write(owner, step, NUMBERS, List.of(number(step)));
          owner.commit(step);
        }
        assertThatThrownBy(() -> zombie.commit(1)).isInstanceOf(FencedException.class);
        write(owner, 6, NUMBERS, List.of(number(6)));
        owner.commit(6);
      }
    }
    try (SinkWriter again = open("t/0", NUMBERS)) {
      assertThat(again.committedStep()).isEqualTo(6);
    }
    assertThat(visible(NUMBERS)).hasSize(6).doesNotHaveDuplicates();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void tasks_sideBySide_doNotDisturbEachOther() throws Exception {
    try (SinkWriter first = open("t/0", NUMBERS);
        SinkWriter second = open("t/1", NUMBERS)) {
      write(first, 1, NUMBERS, List.of(number(1)));
      write(second, 1, NUMBERS, List.of(number(2)));
      second.commit(1);
      assertThat(visible(NUMBERS)).containsExactly(number(2));
      first.commit(9);
    }
    try (SinkWriter first = open("t/0", NUMBERS);
        SinkWriter second = open("t/1", NUMBERS)) {
      assertThat(first.committedStep()).isEqualTo(9);
      assertThat(second.committedStep()).isEqualTo(1);
    }
    assertThat(visible(NUMBERS)).containsExactly(number(1), number(2));
  }

  @Test
  void types_andNulls_comeBackAsTheyWere() throws Exception {
    List<List<@Nullable Object>> rows =
        List.of(
            row(1L, null, null, null, null, null, null, null, null, null, null, null, null, null),
            row(
                2L,
                true,
                -128L,
                32767L,
                -2147483648L,
                Long.MAX_VALUE,
                Float.NaN,
                Double.NEGATIVE_INFINITY,
                new BigDecimal("-9999999999.99"),
                new BigDecimal("1234567890123456789012345678.0123456789"),
                "żółw 🐢\t\\N \"quoted\", \n two lines",
                "AAEC/w==",
                LocalDate.of(1582, 10, 4),
                Instant.parse("2001-01-01T00:01:00.000001Z")),
            row(
                3L,
                false,
                127L,
                -32768L,
                0L,
                Long.MIN_VALUE,
                -0.5f,
                Double.NaN,
                new BigDecimal("0.00"),
                new BigDecimal("-0.0000000001"),
                "",
                "",
                LocalDate.of(2999, 12, 31),
                Instant.parse("1969-12-31T23:59:59.999999Z")),
            row(
                4L,
                false,
                0L,
                0L,
                2147483647L,
                0L,
                Float.MAX_VALUE,
                Double.MIN_VALUE,
                new BigDecimal("10000.00"),
                new BigDecimal("0.0001000000"),
                "\\.",
                "AA==",
                LocalDate.of(1970, 1, 1),
                Instant.parse("2000-01-01T00:00:00Z")));
    try (SinkWriter writer = open("t/0", TYPES)) {
      write(writer, 1, TYPES, rows);
      writer.commit(1);
    }
    assertThat(visible(TYPES)).containsExactlyElementsOf(rows);
  }

  @Test
  void write_manyRows_showsEachOnce() throws Exception {
    int batches = 10;
    int batchRows = 20_000;
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      for (int batch = 0; batch < batches; batch++) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < batchRows; i++) {
          rows.add(number((long) batch * batchRows + i));
        }
        write(writer, batch + 1, NUMBERS, rows);
      }
      writer.commit(batches);
    }
    List<List<@Nullable Object>> seen = visible(NUMBERS);
    assertThat(seen).hasSize(batches * batchRows);
    assertThat(seen.get(123_456)).isEqualTo(number(123_456));
    assertThat(seen.get(seen.size() - 1)).isEqualTo(number(seen.size() - 1));
  }

  @Test
  void due_withoutRows_isFalse() throws Exception {
    try (SinkWriter writer = open("t/0", NUMBERS)) {
      assertThat(writer.due(Instant.EPOCH, false)).isFalse();
      write(writer, 1, NUMBERS, List.of(number(1)));
      writer.commit(1);
      assertThat(writer.due(Instant.EPOCH.plusSeconds(86_400), false)).isFalse();
    }
  }

  @Test
  void close_twice_isHarmless() throws Exception {
    SinkWriter writer = open("t/0", NUMBERS);
    write(writer, 1, NUMBERS, List.of(number(1)));
    writer.close();
    writer.close();
    assertThat(visible(NUMBERS)).isEmpty();
  }
}
