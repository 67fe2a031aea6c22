package io.sagitta.engine.codec;

/** Which line of a body an offset is in; asked only for growing offsets, it counts each once. */
final class LineCounter {
  private final byte[] body;
  private int countedTo;
  private int line = 1;

  LineCounter(byte[] body, int start) {
    this.body = body;
    countedTo = start;
  }

  /** Returns the line of {@code offset}, the first being 1. */
  int at(int offset) {
    for (; countedTo < offset; countedTo++) {
      if (body[countedTo] == '\n') {
        line++;
      }
    }
    return line;
  }
}
