package io.sagitta.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlignmentTest {
  @ParameterizedTest
  @CsvSource({
    // a day of 23 hours and one of 25
    "America/New_York, PT24H, 2021-03-14T12:00:00Z, 2021-03-14T05:00:00Z, 2021-03-15T04:00:00Z",
    "America/New_York, PT24H, 2021-11-07T12:00:00Z, 2021-11-07T04:00:00Z, 2021-11-08T05:00:00Z",
    // the hour that is shown twice is two, the hour that is left out is none
    "America/New_York, PT1H, 2021-11-07T05:30:00Z, 2021-11-07T05:00:00Z, 2021-11-07T06:00:00Z",
    "America/New_York, PT1H, 2021-11-07T06:30:00Z, 2021-11-07T06:00:00Z, 2021-11-07T07:00:00Z",
    "America/New_York, PT1H, 2021-03-14T06:59:59Z, 2021-03-14T06:00:00Z, 2021-03-14T07:00:00Z",
    "America/New_York, PT1H, 2021-03-14T07:00:00Z, 2021-03-14T07:00:00Z, 2021-03-14T08:00:00Z",
    // six hours by the clock on the wall are five or seven then
    "America/New_York, PT6H, 2021-03-14T08:00:00Z, 2021-03-14T05:00:00Z, 2021-03-14T10:00:00Z",
    "America/New_York, PT6H, 2021-11-07T08:00:00Z, 2021-11-07T04:00:00Z, 2021-11-07T11:00:00Z",
    // midnight itself is left out
    "America/Sao_Paulo, PT24H, 2018-11-04T12:00:00Z, 2018-11-04T03:00:00Z, 2018-11-05T02:00:00Z",
    "America/Sao_Paulo, PT24H, 2018-11-04T02:59:00Z, 2018-11-03T03:00:00Z, 2018-11-04T03:00:00Z",
    // weeks start on Mondays, time before 1970 is like any other
    "UTC, PT168H, 2001-01-03T00:00:00Z, 2001-01-01T00:00:00Z, 2001-01-08T00:00:00Z",
    "UTC, PT1H, 1969-12-31T23:59:59.999999Z, 1969-12-31T23:00:00Z, 1970-01-01T00:00:00Z",
    "Asia/Kolkata, PT1H, 2001-01-01T00:10:00Z, 2000-12-31T23:30:00Z, 2001-01-01T00:30:00Z",
  })
  void startAndEnd_acrossClockChanges_followTheWall(
      String zone, Duration size, Instant at, Instant start, Instant end) {
    Alignment alignment = new Alignment(size, ZoneId.of(zone));

    long found = alignment.start(Grid.micros(at.toString()));

    assertThat(Times.instant(found)).isEqualTo(start);
    assertThat(Times.instant(alignment.end(found))).isEqualTo(end);
  }

  @Test
  void start_everyMinuteOfTwoYears_isTheLastMultipleShown() {
    Random random = new Random(7);
    for (String zone :
        new String[] {"America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"}) {
      for (int minutes : new int[] {15, 30, 60, 90, 120, 360, 720, 1440}) {
        assertBoundaries(ZoneId.of(zone), minutes, random);
      }
    }
  }

  /** Walks a stretch minute by minute, and notes when the wall shows a multiple. */
  private static void assertBoundaries(ZoneId zone, int minutes, Random random) {
    Alignment alignment = new Alignment(Duration.ofMinutes(minutes), zone);
    long from = Grid.micros("2021-01-01T00:00:00Z") / 60_000_000L + random.nextInt(60 * 24 * 300);
    TreeSet<Long> boundaries = new TreeSet<>();
    long before = 0;
    for (long minute = from; minute < from + 60 * 24 * 60; minute++) {
      LocalDateTime shown = LocalDateTime.ofInstant(Instant.ofEpochSecond(minute * 60), zone);
      long wall = Duration.between(LocalDateTime.of(1970, 1, 5, 0, 0), shown).toMinutes();
      boolean skipped = minute > from && wall > before + 1 && wall / minutes > before / minutes;
      if (wall % minutes == 0 || skipped) {
        boundaries.add(minute * 60_000_000L);
      }
      before = wall;
    }
    long first = boundaries.first();
    for (long minute = first / 60_000_000L; minute < from + 60 * 24 * 59; minute += 7) {
      long at = minute * 60_000_000L;
      long expected = java.util.Objects.requireNonNull(boundaries.floor(at));
      assertThat(alignment.start(at)).as("%s %d %d", zone, minutes, at).isEqualTo(expected);
      assertThat(alignment.end(expected)).isEqualTo(boundaries.higher(at));
    }
  }
}
