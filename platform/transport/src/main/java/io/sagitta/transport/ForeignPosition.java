package io.sagitta.transport;

import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;

/**
 * The place of a message in a partition that others write; later messages are greater. Unlike our
 * own producers, others may put several messages into one entry.
 *
 * @param ledger the ledger's number
 * @param entry the place in the ledger
 * @param index the place among the messages that share the entry; 0 if there is one only
 */
public record ForeignPosition(long ledger, long entry, int index)
    implements Comparable<ForeignPosition> {

  static ForeignPosition of(MessageId id) {
    MessageIdAdv message = (MessageIdAdv) id;
    return new ForeignPosition(
        message.getLedgerId(), message.getEntryId(), Math.max(0, message.getBatchIndex()));
  }

  /** Parses what {@link #toString} wrote. */
  public static ForeignPosition parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("'" + text + "' is no position; it is ledger:entry:index");
    }
    return new ForeignPosition(
        Long.parseLong(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
  }

  @Override
  public int compareTo(ForeignPosition other) {
    int byEntry =
        new Position(ledger, entry).compareTo(new Position(other.ledger(), other.entry()));
    return byEntry != 0 ? byEntry : Integer.compare(index, other.index);
  }

  @Override
  public String toString() {
    return ledger + ":" + entry + ":" + index;
  }
}
