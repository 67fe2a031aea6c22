package io.sagitta.node.task;

import io.sagitta.definition.DedupeStage;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Stage;
import io.sagitta.definition.Window;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.Header;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * The rows that came to one task, each with the watermark before its message: worked out from the
 * messages alone, the plainest way there is.
 */
final class Judged {
  private static final long MINUTE = 60_000_000L;

  /** Before all time, and far enough from its end to be added to. */
  static final long NEVER = -1L << 60;

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Progress> upstreams = new HashMap<>();
  private final Map<String, List<Open>> sessions = new HashMap<>();
  private final Kind kind;
  private long watermark = NEVER;
  private long seen = NEVER;

  /** What keeps rows, and until when. */
  enum Kind {
    SOURCE,
    DEDUPE,
    TUMBLING,
    SLIDING,
    SESSION;

    static Kind of(TaskSpec spec) {
      Stage stage = spec.plan().definition().spec().stages().get(spec.chain().name());
      if (stage instanceof DedupeStage) {
        return DEDUPE;
      }
      if (stage instanceof SqlStage sql) {
        Window window = sql.window().orElseThrow();
        return window instanceof Window.Tumbling
            ? TUMBLING
            : window instanceof Window.Sliding ? SLIDING : SESSION;
      }
      return SOURCE;
    }

    /** Where the watermark goes when nobody is to be waited for. */
    private long end(long seen) {
      return switch (this) {
        case SOURCE, DEDUPE -> seen;
        case TUMBLING -> seen - Math.floorMod(seen, 30 * MINUTE) + 30 * MINUTE;
        case SLIDING ->
            seen - Math.floorMod(seen - 4 * 24 * 60 * MINUTE, 25 * MINUTE) + 60 * MINUTE;
        case SESSION -> seen + 9 * MINUTE;
      };
    }
  }

  /** A row that came. */
  static final class Row {
    private final String input;
    private final Map<String, String> values;
    private final long watermark;
    private int session;

    private Row(String input, Map<String, String> values, long watermark) {
      this.input = input;
      this.values = values;
      this.watermark = watermark;
    }

    String input() {
      return input;
    }

    /** Returns the watermark before its message. */
    long watermark() {
      return watermark;
    }

    /** Returns the number of its session, among those of its task; 0 if it is late. */
    int session() {
      return session;
    }

    long micros() {
      String time = values.getOrDefault("event_time", values.getOrDefault("date", Rows.NULL));
      return time.equals(Rows.NULL) ? Long.MIN_VALUE : Long.parseLong(time);
    }

    String value(String column) {
      return values.getOrDefault(column, Rows.NULL);
    }
  }

  private static final class Open {
    long first;
    long last;
    final List<Row> rows = new ArrayList<>();
  }

  Judged(TaskSpec spec, MemoryTopic topic, BufferAllocator allocator) {
    this.kind = Kind.of(spec);
    if (spec.chain().head() instanceof Chain.Head.OfStage) {
      spec.upstreamTasks().forEach(task -> upstreams.put(task, Progress.NONE));
    }
    topic.all().forEach(message -> take(message, allocator));
  }

  List<Row> rows() {
    return rows;
  }

  private void take(MemoryTopic.Message message, BufferAllocator allocator) {
    Header header = message.header();
    if (header.kind() == Header.Kind.ROWS) {
      try (VectorSchemaRoot batch = IpcCodec.decode(message.payload().duplicate(), allocator)) {
        for (Map<String, String> values : Rows.of(batch)) {
          Row row = new Row(header.input(), values, watermark);
          seen = Math.max(seen, row.micros());
          rows.add(row);
          if (kind == Kind.SESSION) {
            enter(row);
          }
        }
      }
    }
    if (kind != Kind.SOURCE) {
      header.progress().ifPresent(progress -> update(header.from(), progress));
      advance();
    }
  }

  private void update(String upstream, Progress news) {
    seen = Math.max(seen, news.seenMicros());
    Progress old = upstreams.getOrDefault(upstream, Progress.NONE);
    upstreams.put(
        upstream,
        new Progress(Math.max(old.watermarkMicros(), news.watermarkMicros()), 0, news.activity()));
  }

  private void advance() {
    long least = Long.MAX_VALUE;
    for (Progress upstream : upstreams.values()) {
      if (upstream.activity() == Activity.ACTIVE) {
        least = Math.min(least, upstream.watermarkMicros());
      }
    }
    if (least == Long.MAX_VALUE) {
      least = seen == NEVER ? NEVER : kind.end(seen);
    }
    watermark = Math.max(watermark, least);
    sessions.values().forEach(ofKey -> ofKey.removeIf(open -> open.last + 9 * MINUTE <= watermark));
  }

  private void enter(Row row) {
    long time = row.micros();
    List<Open> ofKey = sessions.computeIfAbsent(row.value("origin"), key -> new ArrayList<>());
    List<Open> reached =
        ofKey.stream()
            .filter(open -> time < open.last + 9 * MINUTE && time + 9 * MINUTE > open.first)
            .toList();
    if (reached.isEmpty() && time + 9 * MINUTE <= watermark) {
      return;
    }
    Open open = new Open();
    open.first = time;
    open.last = time;
    open.rows.add(row);
    for (Open other : reached) {
      open.first = Math.min(open.first, other.first);
      open.last = Math.max(open.last, other.last);
      open.rows.addAll(other.rows);
    }
    ofKey.removeAll(reached);
    ofKey.add(open);
    open.rows.forEach(each -> each.session = rows.size());
  }
}
