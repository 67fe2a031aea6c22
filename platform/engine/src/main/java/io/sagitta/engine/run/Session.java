package io.sagitta.engine.run;

import io.sagitta.engine.run.WindowSpans.Span;
import java.util.Optional;
import java.util.TreeSet;

/** Rows of one key between two silences, so far. Two that turn out to be one are merged. */
final class Session {
  private final Key key;
  private final TreeSet<SessionChunk> chunks = new TreeSet<>();
  private Optional<Session> mergedInto = Optional.empty();
  private long first;
  private long last;

  /** A 128-bit hash of a key's values. */
  record Key(long high, long low) {}

  Session(Key key, long micros) {
    this.key = key;
    this.first = micros;
    this.last = micros;
  }

  Key key() {
    return key;
  }

  /** Returns what it has become part of, or itself. */
  Session whole() {
    Session whole = this;
    while (whole.mergedInto.isPresent()) {
      whole = whole.mergedInto.get();
    }
    if (mergedInto.isPresent()) {
      mergedInto = Optional.of(whole); // the next one who asks has it at once
    }
    return whole;
  }

  boolean isWhole() {
    return mergedInto.isEmpty();
  }

  /** Whether a row at {@code micros} is less than {@code gap} away from one of its rows. */
  boolean reaches(long micros, long gap) {
    return micros < Times.plus(last, gap) && Times.plus(micros, gap) > first;
  }

  void add(long micros) {
    first = Math.min(first, micros);
    last = Math.max(last, micros);
  }

  /** Says that rows of it are in {@code chunk}. */
  void isIn(SessionChunk chunk) {
    chunks.add(chunk);
  }

  /** Takes over all that belongs to {@code other}. */
  void merge(Session other) {
    add(other.first);
    add(other.last);
    chunks.addAll(other.chunks);
    other.mergedInto = Optional.of(this);
  }

  Iterable<SessionChunk> chunks() {
    return chunks;
  }

  long end(long gap) {
    return Times.plus(last, gap);
  }

  Span span(long gap) {
    return new Span(first, end(gap));
  }
}
