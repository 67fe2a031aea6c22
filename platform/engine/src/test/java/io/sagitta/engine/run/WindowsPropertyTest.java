package io.sagitta.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.Window;
import io.sagitta.engine.Engine;
import io.sagitta.engine.run.WindowSpans.Span;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Windows are those that plain SQL gives a row. */
class WindowsPropertyTest {
  private static final long MINUTE = 60_000_000L;
  private static final PlainSql PLAIN = open();

  private static PlainSql open() {
    try {
      return new PlainSql();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterContainer
  static void close() throws SQLException {
    PLAIN.close();
  }

  /** Instants close to boundaries, to changes of the clock among them. */
  @Provide
  Arbitrary<List<Long>> instants() {
    Arbitrary<String> near =
        Arbitraries.of(
            "2021-03-14T07:00:00Z", // New York goes from 2 to 3
            "2021-11-07T06:00:00Z", // and from 2 back to 1
            "2021-03-28T01:00:00Z", // Berlin
            "2021-10-31T01:00:00Z",
            "2021-04-03T15:00:00Z", // Lord Howe goes back by half an hour
            "1969-12-31T23:59:59Z",
            "2024-02-29T00:00:00Z");
    return near.flatMap(
            instant ->
                Arbitraries.longs()
                    .between(-3_000, 3_000)
                    .flatMap(
                        minutes ->
                            Arbitraries.of(-1L, 0L, 1L)
                                .map(tick -> Grid.micros(instant) + minutes * MINUTE + tick)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<String> zones() {
    return Arbitraries.of(
        "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata");
  }

  @Property(tries = 150)
  void tumbling_days_areTheDaysOfTheZone(
      @ForAll("instants") List<Long> instants, @ForAll("zones") String zone) throws SQLException {
    WindowSpans spans = WindowSpans.of(new Window.Tumbling(Duration.ofDays(1), ZoneId.of(zone)));
    String sql =
        """
        SELECT t, epoch_us(day::TIMESTAMP AT TIME ZONE '%1$s'),
          epoch_us((day + 1)::TIMESTAMP AT TIME ZONE '%1$s')
        FROM (SELECT t, (make_timestamptz(t) AT TIME ZONE '%1$s')::DATE AS day FROM (%2$s))
        """
            .formatted(zone, values(instants));
    assertThat(windows(spans, instants)).isEqualTo(PLAIN.rows(sql));
  }

  @Property(tries = 150)
  void tumbling_anyLength_isTheBucketFromMondayOn(
      @ForAll("instants") List<Long> instants, @ForAll @IntRange(min = 1, max = 3_000) int minutes)
      throws SQLException {
    WindowSpans spans =
        WindowSpans.of(new Window.Tumbling(Duration.ofMinutes(minutes), ZoneId.of("UTC")));
    String sql =
        """
        SELECT t, epoch_us(s), epoch_us(s + INTERVAL '%1$d minutes')
        FROM (SELECT t, time_bucket(INTERVAL '%1$d minutes', make_timestamptz(t),
          TIMESTAMPTZ '1970-01-05 00:00:00+00') AS s FROM (%2$s))
        """
            .formatted(minutes, values(instants));
    assertThat(windows(spans, instants)).isEqualTo(PLAIN.rows(sql));
  }

  @Property(tries = 150)
  void sliding_anyLengthAndEvery_areAllThatHoldTheRow(
      @ForAll("instants") List<Long> instants,
      @ForAll @IntRange(min = 1, max = 120) int one,
      @ForAll @IntRange(min = 1, max = 120) int other)
      throws SQLException {
    int size = Math.max(one, other);
    int every = Math.max(Math.min(one, other), size / 8 + 1);
    WindowSpans spans =
        WindowSpans.of(
            new Window.Sliding(
                Duration.ofMinutes(size), Duration.ofMinutes(every), ZoneId.of("UTC")));
    String sql =
        """
        SELECT t, s, s + %1$d FROM (
          SELECT t, epoch_us(time_bucket(INTERVAL '%2$d minutes', make_timestamptz(t),
            TIMESTAMPTZ '1970-01-05 00:00:00+00')) - n * %3$d AS s
          FROM (%4$s), range(10) r(n))
        WHERE s <= t AND t < s + %1$d
        """
            .formatted(size * MINUTE, every, every * MINUTE, values(instants));
    List<String> found = windows(spans, instants);
    assertThat(found).isEqualTo(PLAIN.rows(sql));
    for (long instant : instants) {
      assertThat(spans.lastEnd(instant))
          .isEqualTo(
              spans.windowsOf(spans.paneStart(instant)).stream()
                  .mapToLong(Span::end)
                  .max()
                  .orElse(instant));
    }
  }

  private static String values(List<Long> instants) {
    return instants.stream()
        .map(t -> "(" + t + "::BIGINT)")
        .collect(Collectors.joining(", ", "FROM (VALUES ", ") v(t)"));
  }

  private static List<String> windows(WindowSpans spans, List<Long> instants) {
    List<String> windows = new ArrayList<>();
    for (long t : instants) {
      for (Span span : spans.windowsOf(spans.paneStart(t))) {
        windows.add(t + "|" + span.start() + "|" + span.end());
      }
    }
    Collections.sort(windows);
    return windows;
  }

  @Property(tries = 300)
  void sessions_anyOrderOfArrival_areWhatSortingFinds(
      @ForAll("minutes") List<Integer> times, @ForAll @IntRange(min = 1, max = 12) int gap) {
    List<Integer> arrival = new ArrayList<>(times);
    Collections.shuffle(arrival, new Random(times.hashCode()));
    try (BufferAllocator allocator = new RootAllocator();
        SessionStore store =
            new SessionStore(
                gap, new Engine.Limits(1 << 20, Path.of("unused"), 1), allocator, "t/0")) {
      Session.Key key = new Session.Key(1, 2);
      arrival.forEach(time -> store.enter(key, time));
      store.enter(new Session.Key(1, 3), 5);

      List<Span> found =
          store.close(Long.MAX_VALUE).stream()
              .filter(session -> session.key().equals(key))
              .map(session -> session.span(gap))
              .sorted()
              .toList();
      assertThat(found).isEqualTo(sessions(times, gap));
    }
  }

  @Provide
  Arbitrary<List<Integer>> minutes() {
    return Arbitraries.integers().between(0, 100).list().ofMaxSize(20);
  }

  private static List<Span> sessions(List<Integer> times, int gap) {
    List<Span> sessions = new ArrayList<>();
    for (int time : times.stream().sorted().toList()) {
      int last = sessions.size() - 1;
      if (last >= 0 && time < sessions.get(last).end()) {
        sessions.set(last, new Span(sessions.get(last).start(), time + gap));
      } else {
        sessions.add(new Span(time, time + gap));
      }
    }
    return sessions;
  }
}
