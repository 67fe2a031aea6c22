package io.sagitta.engine.codec;

import io.sagitta.definition.DataType.Kind;
import org.apache.arrow.memory.util.MemoryUtil;

/** Narrows values of fixed width from longs to the width that Arrow has them in. */
final class FixedValues {
  private FixedValues() {}

  /**
   * Writes {@code rows} values from {@code at} on, where they must fit.
   *
   * @param upper a decimal's upper halves
   */
  static void write(Kind kind, long[] values, long[] upper, int rows, long at) {
    switch (kind) {
      case INT8 -> {
        for (int i = 0; i < rows; i++) {
          MemoryUtil.putByte(at + i, (byte) values[i]);
        }
      }
      case INT16 -> {
        for (int i = 0; i < rows; i++) {
          MemoryUtil.putShort(at + 2L * i, (short) values[i]);
        }
      }
      case INT32, FLOAT, DATE -> {
        for (int i = 0; i < rows; i++) {
          MemoryUtil.putInt(at + 4L * i, (int) values[i]);
        }
      }
      case INT64, DOUBLE, TIMESTAMP -> {
        for (int i = 0; i < rows; i++) {
          MemoryUtil.putLong(at + 8L * i, values[i]);
        }
      }
      case DECIMAL -> {
        for (int i = 0; i < rows; i++) {
          MemoryUtil.putLong(at + 16L * i, values[i]);
          MemoryUtil.putLong(at + 16L * i + 8, upper[i]);
        }
      }
      case BOOLEAN -> {
        boolean[] bits = new boolean[rows];
        for (int i = 0; i < rows; i++) {
          bits[i] = values[i] != 0;
        }
        Validity.write(bits, rows, at);
      }
      case STRING, BINARY -> throw new IllegalStateException("not of fixed width: " + kind);
    }
  }
}
