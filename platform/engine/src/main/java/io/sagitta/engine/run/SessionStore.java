package io.sagitta.engine.run;

import io.sagitta.engine.Engine.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Open sessions by key, and their rows, in memory up to a bound and beyond it in files. */
final class SessionStore implements AutoCloseable {
  private final long gap;
  private final Limits limits;
  private final BufferAllocator allocator;
  private final Map<Session.Key, List<Session>> open = new HashMap<>();

  /** Open sessions by when they would have closed when they were put here, or earlier. */
  private final PriorityQueue<Closing> closing = new PriorityQueue<>();

  private final Map<String, TreeMap<Integer, SessionChunk>> chunks = new HashMap<>();
  private int nextChunk;
  private long nextFile;
  private long entered;

  /** {@code number} makes the order of equal ends that of arrival. */
  private record Closing(long end, long number, Session session) implements Comparable<Closing> {
    @Override
    public int compareTo(Closing other) {
      int byEnd = Long.compare(end, other.end);
      return byEnd != 0 ? byEnd : Long.compare(number, other.number);
    }
  }

  SessionStore(long gapMicros, Limits limits, BufferAllocator parent, String task) {
    this.gap = gapMicros;
    this.limits = limits;
    this.allocator = parent.newChildAllocator("sessions of " + task, 0, Long.MAX_VALUE);
  }

  /**
   * Whether a row belongs to an open session, or to a new one that is open at {@code watermark}.
   */
  boolean isOpen(Session.Key key, long micros, long watermark) {
    return Times.plus(micros, gap) > watermark
        || open.getOrDefault(key, List.of()).stream().anyMatch(s -> s.reaches(micros, gap));
  }

  /** Returns the session that a row belongs to from now on. */
  Session enter(Session.Key key, long micros) {
    List<Session> ofKey = open.computeIfAbsent(key, k -> new ArrayList<>(1));
    List<Session> reached = ofKey.stream().filter(s -> s.reaches(micros, gap)).toList();
    Session session;
    if (reached.isEmpty()) {
      session = new Session(key, micros);
      ofKey.add(session);
      closing.add(new Closing(session.end(gap), entered++, session));
    } else {
      session = reached.get(0);
      session.add(micros);
      for (Session other : reached.subList(1, reached.size())) {
        session.merge(other);
        ofKey.remove(other);
      }
    }
    return session;
  }

  /** Copies rows, which stay the caller's; their sessions are given by row. */
  void append(String input, VectorSchemaRoot rows, List<Session> sessions, long step) {
    TreeMap<Integer, SessionChunk> ofInput = chunks.computeIfAbsent(input, i -> new TreeMap<>());
    if (ofInput.isEmpty() || !ofInput.lastEntry().getValue().chunk().takesMore()) {
      ofInput.put(nextChunk, new SessionChunk(nextChunk, input, rows.getSchema(), allocator));
      nextChunk++;
    }
    ofInput.lastEntry().getValue().append(rows, sessions, step);
    if (allocator.getAllocatedMemory() > limits.windowBytes()) {
      spill();
    }
  }

  private void spill() {
    for (TreeMap<Integer, SessionChunk> ofInput : chunks.values()) {
      for (SessionChunk chunk : ofInput.descendingMap().values()) {
        if (chunk.chunk().isInMemory()) {
          chunk.chunk().spill(limits.spill().resolve("sessions-" + nextFile++ + ".arrow"));
        }
        if (allocator.getAllocatedMemory() <= limits.windowBytes()) {
          return;
        }
      }
    }
  }

  /** Closes the sessions that end at {@code watermark} or before; returns them in that order. */
  List<Session> close(long watermark) {
    List<Session> closed = new ArrayList<>();
    while (!closing.isEmpty() && closing.peek().end() <= watermark) {
      Closing next = closing.remove();
      Session session = next.session();
      if (!session.isWhole()) {
        continue; // the one it was merged into has an entry too
      }
      if (session.end(gap) > next.end()) {
        closing.add(new Closing(session.end(gap), next.number(), session));
        continue;
      }
      closed.add(session);
      open.computeIfPresent(
          session.key(),
          (key, ofKey) -> {
            ofKey.remove(session);
            return ofKey.isEmpty() ? null : ofKey;
          });
    }
    return closed;
  }

  /** Forgets chunks without rows of open sessions. */
  void sweep(Iterable<SessionChunk> touched) {
    for (SessionChunk chunk : touched) {
      TreeMap<Integer, SessionChunk> ofInput = chunks.get(chunk.input());
      if (chunk.isDead() && ofInput != null && ofInput.remove(chunk.number()) != null) {
        chunk.close();
      }
    }
  }

  /** Returns from which arrival on the open sessions can be made again. */
  long oldestNeeded() {
    return chunks.values().stream()
        .flatMap(ofInput -> ofInput.values().stream())
        .mapToLong(SessionChunk::oldestNeeded)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  @Override
  public void close() {
    chunks.values().forEach(ofInput -> ofInput.values().forEach(SessionChunk::close));
    chunks.clear();
    allocator.close();
  }
}
