package io.sagitta.control.api;

import java.util.Objects;

/**
 * What sample somebody wants.
 *
 * @param of a stream, source or stage
 * @param rows after how many rows it ends, 1 to 10,000; 10 if left out
 * @param seconds after how long it ends, 1 to 300; 10 if left out
 * @param unmask whether to show sensitive columns, which takes the action {@code unmask}
 */
public record TapOrder(String of, Integer rows, Integer seconds, boolean unmask) {
  private static final Integer USUAL = 10;

  public TapOrder {
    // A key that JSON leaves out is null here.
    of = Objects.requireNonNullElse(of, "");
    rows = Objects.requireNonNullElse(rows, USUAL);
    seconds = Objects.requireNonNullElse(seconds, USUAL);
  }
}
