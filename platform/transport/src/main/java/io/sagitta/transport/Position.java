package io.sagitta.transport;

import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;

/**
 * The place of a message in one partition; later messages are greater.
 *
 * @param ledger the ledger's number
 * @param entry the place in the ledger
 */
public record Position(long ledger, long entry) implements Comparable<Position> {

  static Position of(MessageId id) {
    MessageIdAdv message = (MessageIdAdv) id;
    return new Position(message.getLedgerId(), message.getEntryId());
  }

  /** Parses what {@link #toString} wrote. */
  public static Position parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'" + text + "' is no position; write ledger:entry");
    }
    return new Position(
        Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
  }

  /** Returns the place behind this one, in the same ledger. */
  public Position next() {
    return new Position(ledger, entry + 1);
  }

  /**
   * Returns whether this can be the place right behind {@code before}: the next one of its ledger,
   * or the first one of a later ledger. How long a ledger was, only the broker knows.
   */
  public boolean mayFollow(Position before) {
    return equals(before.next()) || (ledger > before.ledger && entry == 0);
  }

  @Override
  public int compareTo(Position other) {
    int byLedger = Long.compare(ledger, other.ledger);
    return byLedger != 0 ? byLedger : Long.compare(entry, other.entry);
  }

  @Override
  public String toString() {
    return ledger + ":" + entry;
  }
}
