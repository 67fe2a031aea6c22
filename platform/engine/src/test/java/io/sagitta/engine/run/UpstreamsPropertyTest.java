package io.sagitta.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class UpstreamsPropertyTest {
  private static final List<String> TASKS = List.of("a/0", "a/1", "b/0");
  private static final long WINDOW = 10;

  /** What one message tells of its sender. */
  record News(String from, Progress progress) {}

  @Provide
  Arbitrary<List<News>> news() {
    Arbitrary<Long> times = Arbitraries.longs().between(0, 100);
    Arbitrary<Activity> activity =
        Arbitraries.frequency(
            net.jqwik.api.Tuple.of(5, Activity.ACTIVE),
            net.jqwik.api.Tuple.of(2, Activity.IDLE),
            net.jqwik.api.Tuple.of(1, Activity.ENDED));
    return Combinators.combine(Arbitraries.of(TASKS), times, times, activity)
        .as(
            (from, one, other, state) ->
                new News(from, new Progress(Math.min(one, other), Math.max(one, other), state)))
        .list()
        .ofMaxSize(30);
  }

  private static boolean take(Upstreams upstreams, News news) {
    upstreams.update(news.from(), news.progress());
    return upstreams.advance(upstreams.seen() + WINDOW);
  }

  @Property(tries = 1_000)
  void watermark_anyNews_isTheLeastOfTheActiveAndNeverGoesBack(@ForAll("news") List<News> all) {
    Upstreams upstreams = new Upstreams("t/0", TASKS);
    Map<String, Long> least = new HashMap<>();
    Map<String, Activity> activity = new HashMap<>();
    long seen = Long.MIN_VALUE;
    long expected = Long.MIN_VALUE;
    for (News news : all) {
      boolean moved = take(upstreams, news);

      least.merge(news.from(), news.progress().watermarkMicros(), Math::max);
      activity.put(news.from(), news.progress().activity());
      seen = Math.max(seen, news.progress().seenMicros());
      long now =
          TASKS.stream()
              .filter(t -> activity.getOrDefault(t, Activity.ACTIVE) == Activity.ACTIVE)
              .mapToLong(t -> least.getOrDefault(t, Long.MIN_VALUE))
              .min()
              .orElse(seen + WINDOW);
      assertThat(moved).isEqualTo(now > expected);
      expected = Math.max(expected, now);
      assertThat(upstreams.watermark()).isEqualTo(expected);
      assertThat(upstreams.progress().watermarkMicros()).isEqualTo(expected);
      assertThat(upstreams.progress().seenMicros()).isGreaterThanOrEqualTo(expected);
    }
  }

  @Property(tries = 500)
  void restore_anywhere_goesOnAsIfNothingHadHappened(
      @ForAll("news") List<News> all, @ForAll @IntRange(max = 30) int at) {
    Upstreams whole = new Upstreams("t/0", TASKS);
    Upstreams taken = new Upstreams("t/0", TASKS);
    for (int i = 0; i < all.size(); i++) {
      if (i == at) {
        taken.restore(whole.snapshot());
      }
      boolean moved = take(whole, all.get(i));
      if (i >= at) {
        assertThat(take(taken, all.get(i))).isEqualTo(moved);
        assertThat(taken.progress()).isEqualTo(whole.progress());
        assertThat(taken.snapshot()).isEqualTo(whole.snapshot());
      }
    }
  }

  @Property(tries = 500)
  void activity_isActiveWhileOneIs_andEndedWhenAllAre(@ForAll("news") List<News> all) {
    Upstreams upstreams = new Upstreams("t/0", TASKS);
    Map<String, Activity> activity = new HashMap<>();
    TASKS.forEach(task -> activity.put(task, Activity.ACTIVE));
    for (News news : all) {
      take(upstreams, news);
      activity.put(news.from(), news.progress().activity());
      Activity expected =
          activity.containsValue(Activity.ACTIVE)
              ? Activity.ACTIVE
              : activity.containsValue(Activity.IDLE) ? Activity.IDLE : Activity.ENDED;
      assertThat(upstreams.activity()).isEqualTo(expected);
    }
  }
}
