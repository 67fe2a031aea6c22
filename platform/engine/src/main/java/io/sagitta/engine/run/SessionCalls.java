package io.sagitta.engine.run;

import io.sagitta.engine.codec.Gather;
import io.sagitta.engine.codec.KeyHash;
import io.sagitta.engine.run.WindowSpans.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Runs the query of closed sessions in as few calls as give the same rows: all in one if the query
 * {@link WindowQuery#merges}; else in rounds, one session of each key in a round, since the rows
 * that come out say by their key whose they are; else one by one.
 */
final class SessionCalls {
  private final WindowQuery query;
  private final FailedWindows failed;
  private final List<String> key;
  private final long gap;
  private final TaskScope scope;
  private final boolean resultHasKey;

  SessionCalls(WindowQuery query, List<String> key, long gap, TaskScope scope) {
    this.query = query;
    this.failed = new FailedWindows(query, scope, (micros, window) -> true);
    this.key = key;
    this.gap = gap;
    this.scope = scope;
    List<String> own = query.ownColumns().stream().map(Field::getName).toList();
    this.resultHasKey = !key.isEmpty() && own.containsAll(key);
  }

  /**
   * Runs the query.
   *
   * @param sessions in the order in which they closed
   * @param results where the stage's rows are added, by end and start of their sessions
   * @return how many rows the sessions had
   */
  long run(List<Session> sessions, List<VectorSchemaRoot> results) {
    List<VectorSchemaRoot> made = new ArrayList<>();
    long rows = 0;
    try {
      for (List<Session> round : rounds(sessions)) {
        rows += run(round, made, sessions.size());
      }
      results.addAll(inOrder(made));
      return rows;
    } catch (RuntimeException e) {
      Batches.close(made);
      throw e;
    }
  }

  private List<List<Session>> rounds(List<Session> sessions) {
    if (query.merges()) {
      return List.of(sessions);
    }
    if (!resultHasKey) {
      return sessions.stream().map(List::of).toList();
    }
    List<List<Session>> rounds = new ArrayList<>();
    Map<Session.Key, Integer> sessionsOf = new HashMap<>();
    for (Session session : sessions) {
      int round = sessionsOf.merge(session.key(), 1, Integer::sum) - 1;
      if (round == rounds.size()) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(round).add(session);
    }
    return rounds;
  }

  private long run(List<Session> round, List<VectorSchemaRoot> made, int all) {
    Map<Session, Span> spans = new HashMap<>();
    TreeSet<SessionChunk> chunks = new TreeSet<>();
    for (Session session : round) {
      spans.put(session, session.span(gap));
      session.chunks().forEach(chunks::add);
    }
    Map<String, List<VectorSchemaRoot>> taken = new HashMap<>();
    long rows = 0;
    try {
      for (SessionChunk chunk : chunks) {
        VectorSchemaRoot part = chunk.take(query.fed(chunk.input()), spans::get, scope.allocator());
        taken.computeIfAbsent(chunk.input(), i -> new ArrayList<>()).add(part);
        rows += part.getRowCount();
      }
      for (VectorSchemaRoot result : made(taken)) {
        made.add(complete(result, round, all));
      }
      return rows;
    } finally {
      taken.values().forEach(Batches::close);
    }
  }

  private List<VectorSchemaRoot> made(Map<String, List<VectorSchemaRoot>> rows) {
    try {
      return query.run(query.feeds(rows));
    } catch (ValueError e) {
      return failed.run(rows);
    }
  }

  private VectorSchemaRoot complete(VectorSchemaRoot result, List<Session> round, int all) {
    if (query.merges()) {
      return query.complete(result);
    }
    if (round.size() == 1 || all == 1) {
      return query.complete(result, Optional.of(round.get(0).span(gap)));
    }
    Map<Session.Key, Span> spans = new HashMap<>();
    round.forEach(session -> spans.put(session.key(), session.span(gap)));
    KeyHash.Hashes128 hashes = KeyHash.hash128(result, key);
    TimeStampMicroTZVector starts = query.windowColumn(0);
    TimeStampMicroTZVector ends = query.windowColumn(1);
    for (int i = 0; i < result.getRowCount(); i++) {
      Span span = spans.get(new Session.Key(hashes.high()[i], hashes.low()[i]));
      if (span == null) {
        throw new EngineException(
            scope.head(),
            "its query changes the key "
                + key
                + ", so a row's session is unknown. Select it as it is.");
      }
      starts.setSafe(i, span.start());
      ends.setSafe(i, span.end());
    }
    starts.setValueCount(result.getRowCount());
    ends.setValueCount(result.getRowCount());
    return query.complete(result, starts, ends);
  }

  /** Sorts rows of several rounds by end and start of their sessions; other order stays. */
  private List<VectorSchemaRoot> inOrder(List<VectorSchemaRoot> made) {
    if (query.merges() || made.isEmpty()) {
      return made;
    }
    try (RowBuffer buffer = new RowBuffer(made.get(0).getSchema(), scope.allocator())) {
      made.forEach(buffer::append);
      VectorSchemaRoot all = buffer.batch();
      int own = query.ownColumns().size();
      TimeStampMicroTZVector starts = (TimeStampMicroTZVector) all.getVector(own);
      TimeStampMicroTZVector ends = (TimeStampMicroTZVector) all.getVector(own + 1);
      int[] order =
          IntStream.range(0, all.getRowCount())
              .boxed()
              .sorted(Comparator.<Integer>comparingLong(ends::get).thenComparingLong(starts::get))
              .mapToInt(Objects::requireNonNull)
              .toArray();
      VectorSchemaRoot sorted = Gather.rows(all, order, order.length, scope.allocator());
      Batches.close(made);
      return List.of(sorted);
    }
  }
}
