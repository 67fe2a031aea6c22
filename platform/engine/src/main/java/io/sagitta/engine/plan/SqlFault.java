package io.sagitta.engine.plan;

import java.util.OptionalInt;

/** The engine's refusal of one SQL text. */
final class SqlFault extends Exception {
  private static final long serialVersionUID = 1;

  private final int byteOffset;
  private final boolean unknownColumn;

  SqlFault(String message, OptionalInt byteOffset) {
    this(message, byteOffset, false);
  }

  SqlFault(String message, OptionalInt byteOffset, boolean unknownColumn) {
    super(message);
    this.byteOffset = byteOffset.orElse(-1);
    this.unknownColumn = unknownColumn;
  }

  /** Whether it names a column that there is not. */
  boolean isUnknownColumn() {
    return unknownColumn;
  }

  /** What is wrong, in words that stand alone. */
  String message() {
    return String.valueOf(getMessage());
  }

  /** Where in the text, in bytes of UTF-8; empty if the engine does not say. */
  OptionalInt byteOffset() {
    return byteOffset < 0 ? OptionalInt.empty() : OptionalInt.of(byteOffset);
  }
}
