package io.sagitta.control.quarantine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.control.quarantine.QuarantinedRow.State;
import io.sagitta.engine.Plan;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;

/** Lists and counts the rows in quarantine. Thread-safe. */
public final class Browser {
  private static final int MOST_LOOKED = 200_000;

  private final QuarantineTopic topic;
  private final ReplayLog log;

  /**
   * Which rows to list.
   *
   * @param masked whether sensitive columns are
   */
  public record Query(
      Optional<String> reason,
      Optional<String> stage,
      int limit,
      Optional<String> after,
      boolean masked) {
    boolean wants(KeptRow row) {
      return reason.map(row.reason()::equals).orElse(true)
          && stage.map(row.stage()::equals).orElse(true);
    }
  }

  /** Creates one; all parts stay the caller's. */
  public Browser(PulsarConnection connection, Provisioner provisioner, BufferAllocator allocator) {
    this.topic = new QuarantineTopic(connection, allocator);
    this.log = new ReplayLog(connection, provisioner);
  }

  /**
   * Lists rows, oldest first, and counts those behind {@code query.after()}.
   *
   * @throws io.sagitta.service.ProblemException if {@code after} is no position
   */
  public QuarantineList list(PipelineId pipeline, Plan plan, Query query)
      throws InterruptedException {
    Listing listing = new Listing(plan, log.look(pipeline), query);
    topic.read(pipeline, query.after().map(RowPlace::parse), listing::take);
    return listing.list();
  }

  /** A list in the making. */
  private static final class Listing {
    private final Plan plan;
    private final ReplayHistory history;
    private final Query query;
    private final HiddenColumns hidden;
    private final List<QuarantinedRow> rows = new ArrayList<>();
    private final Map<String, Map<String, Long>> counts = new TreeMap<>();
    private long looked;
    private boolean complete = true;

    Listing(Plan plan, ReplayHistory history, Query query) {
      this.plan = plan;
      this.history = history;
      this.query = query;
      this.hidden = query.masked() ? HiddenColumns.of(plan) : HiddenColumns.NONE;
    }

    boolean take(KeptRow row) {
      if (looked == MOST_LOOKED) {
        complete = false;
        return false;
      }
      looked++;
      counts.computeIfAbsent(row.stage(), s -> new TreeMap<>()).merge(row.reason(), 1L, Long::sum);
      if (rows.size() < query.limit() && query.wants(row)) {
        rows.add(shown(row));
      }
      return true;
    }

    private QuarantinedRow shown(KeptRow row) {
      Optional<ObjectNode> object = row.row().flatMap(RowJson::parse);
      Optional<ReplayRecord> replay = history.of(row.place().toString());
      WayBack way = WayBack.of(plan.definition().spec(), row.stage(), row.reason());
      return new QuarantinedRow(
          row.place().toString(),
          row.stage(),
          row.reason(),
          row.detail().map(d -> hidden.detail(row, d, object)),
          object.map(o -> (JsonNode) RowJson.masked(o, hidden.in(row, o))),
          row.raw().map(this::raw),
          row.eventTimeMicros().isPresent()
              ? Optional.of(
                  Instant.EPOCH
                      .plus(row.eventTimeMicros().getAsLong(), ChronoUnit.MICROS)
                      .toString())
              : Optional.empty(),
          Instant.ofEpochMilli(row.publishedMillis()).toString(),
          replay.map(this::state).orElse(way instanceof WayBack.To ? State.OPEN : State.STAYS),
          replay
              .map(r -> words(r, row.place().toString()))
              .orElse(way instanceof WayBack.None none ? none.why() : ""));
    }

    private State state(ReplayRecord replay) {
      return history.isSent(replay) ? State.REPLAYED : State.UNDERWAY;
    }

    private static String words(ReplayRecord replay, String position) {
      return "%s to source '%s' by %s at %s"
          .formatted(
              replay.mended().contains(position) ? "mended" : "as it was",
              replay.source(),
              replay.author(),
              replay.at());
    }

    private String raw(byte[] bytes) {
      // Nobody can tell where in bytes that could not be read a sensitive value stands.
      return hidden.sensitive().isEmpty()
          ? Base64.getEncoder().encodeToString(bytes)
          : RowJson.MASK;
    }

    QuarantineList list() {
      List<QuarantineList.ReasonCount> sums = new ArrayList<>();
      counts.forEach(
          (stage, reasons) ->
              reasons.forEach(
                  (reason, n) -> sums.add(new QuarantineList.ReasonCount(stage, reason, n))));
      String next =
          rows.isEmpty() ? query.after().orElse("") : rows.get(rows.size() - 1).position();
      return new QuarantineList(rows, next, sums, looked, complete);
    }
  }
}
