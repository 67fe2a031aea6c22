package io.sagitta.engine.run;

import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far the upstream tasks of a keyed or windowed task have come, and with them the task.
 *
 * <p>The task's own watermark never falls, not even when a silent upstream task that was left
 * behind wakes up; and where it goes when all are silent depends on all rows that ever came. So
 * neither follows from the others' progress, nor from rows that are still there at a takeover: both
 * go into the journal as one entry more, under the task's own name.
 */
final class Upstreams {
  private final String task;
  private final Map<String, Progress> byTask = new TreeMap<>();
  private long watermark = Long.MIN_VALUE;
  private long seen = Long.MIN_VALUE;

  Upstreams(String task, Collection<String> upstreamTasks) {
    this.task = task;
    upstreamTasks.forEach(upstream -> byTask.put(upstream, Progress.NONE));
  }

  void update(String upstream, Progress news) {
    see(news.seenMicros());
    Progress known = byTask.getOrDefault(upstream, Progress.NONE);
    byTask.put(
        upstream,
        new Progress(
            Math.max(known.watermarkMicros(), news.watermarkMicros()),
            Math.max(known.seenMicros(), news.seenMicros()),
            news.activity()));
  }

  /** Returns the task's watermark as of the last {@link #advance}. */
  long watermark() {
    return watermark;
  }

  /**
   * Moves the task's watermark on.
   *
   * @param end where it goes if nobody is to be waited for
   * @return whether it moved
   */
  boolean advance(long end) {
    long min = Long.MAX_VALUE;
    for (Progress upstream : byTask.values()) {
      if (upstream.activity() == Activity.ACTIVE) {
        min = Math.min(min, upstream.watermarkMicros());
      }
    }
    long next = activity() == Activity.ACTIVE ? min : end;
    boolean moves = next > watermark;
    watermark = Math.max(watermark, next);
    return moves;
  }

  /** Notes that a row with event time {@code micros} came, or that an upstream task saw one. */
  void see(long micros) {
    seen = Math.max(seen, micros);
  }

  /** Returns the greatest event time seen. */
  long seen() {
    return seen;
  }

  Activity activity() {
    boolean ended = true;
    for (Progress upstream : byTask.values()) {
      if (upstream.activity() == Activity.ACTIVE) {
        return Activity.ACTIVE;
      }
      ended &= upstream.activity() == Activity.ENDED;
    }
    return ended ? Activity.ENDED : Activity.IDLE;
  }

  /** Returns where the task stands; the rows it makes may be as late as its watermark. */
  Progress progress() {
    return new Progress(watermark, Math.max(seen, watermark), activity());
  }

  Map<String, Progress> snapshot() {
    Map<String, Progress> snapshot = new TreeMap<>(byTask);
    snapshot.put(task, new Progress(watermark, seen, activity()));
    return Map.copyOf(snapshot);
  }

  void restore(Map<String, Progress> snapshot) {
    snapshot.forEach(
        (name, progress) -> {
          if (name.equals(task)) {
            watermark = progress.watermarkMicros();
            seen = progress.seenMicros();
          } else {
            byTask.put(name, progress);
          }
        });
  }
}
