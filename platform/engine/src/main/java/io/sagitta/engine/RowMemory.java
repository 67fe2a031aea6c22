package io.sagitta.engine;

import org.apache.arrow.memory.OutOfMemoryException;

/** Whether the memory for rows, which an allocator bounds, is why something failed. */
public final class RowMemory {
  private static final String NAME = OutOfMemoryException.class.getName();

  private RowMemory() {}

  /**
   * Returns whether {@code failure} comes from the bound of an allocator: itself, what caused it,
   * or what DuckDB was told when it asked for rows, which it passes on as the text of an error.
   */
  public static boolean isSpent(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryException
          || String.valueOf(cause.getMessage()).contains(NAME)) {
        return true;
      }
    }
    return false;
  }
}
