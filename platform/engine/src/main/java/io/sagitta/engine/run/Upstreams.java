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
 * behind wakes up. So it does not follow from the others' alone, and goes into the journal as one
 * entry more, under the task's own name.
 */
final class Upstreams {
  private final String task;
  private final Map<String, Progress> byTask = new TreeMap<>();
  private long watermark = Long.MIN_VALUE;
  private long emitted = Long.MIN_VALUE;

  Upstreams(String task, Collection<String> upstreamTasks) {
    this.task = task;
    upstreamTasks.forEach(upstream -> byTask.put(upstream, Progress.NONE));
  }

  void update(String upstream, Progress news) {
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

  /** Notes that a row with event time {@code micros} leaves the task. */
  void emit(long micros) {
    emitted = Math.max(emitted, micros);
  }

  /** Returns the greatest event time that any upstream task has seen. */
  long seen() {
    return byTask.values().stream().mapToLong(Progress::seenMicros).max().orElse(Long.MIN_VALUE);
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

  Progress progress() {
    return new Progress(watermark, emitted, activity());
  }

  Map<String, Progress> snapshot() {
    Map<String, Progress> snapshot = new TreeMap<>(byTask);
    snapshot.put(task, progress());
    return Map.copyOf(snapshot);
  }

  void restore(Map<String, Progress> snapshot) {
    snapshot.forEach(
        (name, progress) -> {
          if (name.equals(task)) {
            watermark = progress.watermarkMicros();
            emitted = progress.seenMicros();
          } else {
            byTask.put(name, progress);
          }
        });
  }
}
