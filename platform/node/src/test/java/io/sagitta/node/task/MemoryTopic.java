package io.sagitta.node.task;

import io.sagitta.transport.Header;
import io.sagitta.transport.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One partition of a topic: messages in short ledgers, of which those that are wholly acknowledged
 * go some time. Drops what a producer sends again.
 */
final class MemoryTopic {
  private static final int LEDGER_ENDS_ONE_IN = 5;

  private final Chance chance;
  private final List<Message> all = new ArrayList<>();
  private final NavigableMap<Position, Message> kept = new TreeMap<>();
  private final Map<String, Long> lastOfProducer = new HashMap<>();
  private Position next;
  private Position acknowledged = new Position(-1, -1);

  /** A message as it is on disk. */
  record Message(Position position, Header header, ByteBuffer payload) {}

  MemoryTopic(Chance chance) {
    this.chance = chance;
    this.next = new Position(chance.below(100), 0);
  }

  /** Persists a message, unless {@code producer} has sent it or a later one before. */
  void publish(String producer, long sequence, Header header, ByteBuffer payload) {
    if (lastOfProducer.getOrDefault(producer, -1L) >= sequence) {
      return;
    }
    lastOfProducer.put(producer, sequence);
    publish(header, payload);
  }

  /** Persists a message. */
  void publish(Header header, ByteBuffer payload) {
    Message message = new Message(next, header, payload);
    all.add(message);
    kept.put(next, message);
    next =
        chance.oneIn(LEDGER_ENDS_ONE_IN)
            ? new Position(next.ledger() + 1 + chance.below(3), 0)
            : next.next();
  }

  void acknowledge(Position through) {
    acknowledged = through.compareTo(acknowledged) > 0 ? through : acknowledged;
  }

  /** Deletes the ledgers, but for the last, of which all is acknowledged. */
  void trim() {
    while (!kept.isEmpty()) {
      long ledger = kept.firstKey().ledger();
      Position end = kept.lowerKey(new Position(ledger + 1, 0));
      if (end.compareTo(acknowledged) > 0 || end.equals(kept.lastKey())) {
        return;
      }
      kept.headMap(end, true).clear();
    }
  }

  /** Returns the first message that is there behind {@code position}, or at it. */
  Optional<Message> from(Position position, boolean inclusive) {
    return kept.tailMap(position, inclusive).values().stream().findFirst();
  }

  /** Returns whether a message is there that is not acknowledged. */
  boolean hasUnacknowledged() {
    return !kept.tailMap(acknowledged, false).isEmpty();
  }

  /** Returns every message that ever was here. */
  List<Message> all() {
    return all;
  }

  /** Returns where the last message stands. */
  Optional<Position> last() {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1).position());
  }
}
