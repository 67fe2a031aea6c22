package io.sagitta.control.quarantine;

import io.sagitta.service.Problem;
import io.sagitta.transport.Position;

/**
 * The place of a row in a pipeline's quarantine; later rows are greater.
 *
 * @param message where the message with it stands
 * @param row which of the message's rows, from 0
 */
record RowPlace(Position message, int row) implements Comparable<RowPlace> {

  /**
   * Parses what {@link #toString} wrote.
   *
   * @throws io.sagitta.service.ProblemException if {@code text} is nothing such
   */
  static RowPlace parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new RowPlace(
          Position.parse(text.substring(0, Math.max(0, colon))),
          Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              400,
              "bad-position",
              "Bad position",
              "'"
                  + text
                  + "' is no position of a row in quarantine; take it from a list, as 12:3:0.")
          .exception();
    }
  }

  @Override
  public int compareTo(RowPlace other) {
    int byMessage = message.compareTo(other.message);
    return byMessage != 0 ? byMessage : Integer.compare(row, other.row);
  }

  @Override
  public String toString() {
    return message + ":" + row;
  }
}
