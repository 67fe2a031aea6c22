package io.sagitta.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a broken platform would leave behind is found, each kind by the finding meant for it. */
final class CheckerTest {

  @Test
  void check_asItMustBe_holds(@TempDir Path folder) throws Exception {
    List<Finding> findings = KeyedHistory.of(1).check(folder);
    assertThat(findings).allMatch(finding -> finding.wrong() == 0);
    assertThat(findings).allMatch(finding -> finding.checked() > 0);
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage("rows: acknowledged row arrived", KeyedHistory.ROWS, without(100)),
        damage("rows: row arrived once", KeyedHistory.ROWS, again(100)),
        damage(
            "rows: row that arrived is as it was sent",
            KeyedHistory.ROWS,
            with("\"amount\":", "\"amount\":1")),
        damage(
            "rows: row that arrived is as it was sent",
            KeyedHistory.ROWS,
            with("\"k\":\"f0-", "\"k\":\"f0-1")),
        damage("minutes: result is as DuckDB finds it", KeyedHistory.MINUTES, without(3)),
        damage("minutes: result is as DuckDB finds it", KeyedHistory.MINUTES, again(3)),
        damage(
            "minutes: result is as DuckDB finds it",
            KeyedHistory.MINUTES,
            with("\"found\":", "\"found\":1")),
        damage(
            "impossible row is in quarantine",
            KeyedHistory.QUARANTINE,
            withoutAny("amount is positive")),
        damage(
            "minutes: result is as DuckDB finds it", KeyedHistory.QUARANTINE, withoutAny("late")),
        damage("late row is reported once", KeyedHistory.QUARANTINE, againAny("late")),
        damage(
            "row in quarantine has a reason",
            KeyedHistory.QUARANTINE,
            with("\"reason\":\"late\"", "\"reason\":\"cast\"")),
        damage(
            "process ended only by a fault",
            KeyedHistory.EVENTS,
            adding("{\"t\":2,\"kind\":\"ended\",\"process\":\"node-1\"}")),
        damage(
            "revision that cannot be carried over is refused",
            KeyedHistory.EVENTS,
            with("\"accepted\":false", "\"accepted\":true")),
        damage(
            "revision that cannot be carried over is refused",
            KeyedHistory.EVENTS,
            with("it cannot change", "no")),
        damage("watermark is not behind", KeyedHistory.WATERMARKS, swapped(10, 20)),
        damage("was acknowledged", KeyedHistory.SENT, with("\"acked\":1050", "\"acked\":-1")),
        damage(
            "figure of the ledger balances",
            KeyedHistory.STATUS,
            with("\"missing\": 0", "\"missing\": 1")),
        damage("figure of the ledger balances", KeyedHistory.STATUS, with("\"in\": ", "\"in\": 1")),
        damage(
            "figure of the ledger balances",
            KeyedHistory.STATUS,
            with("\"held\": 0", "\"held\": 7")));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void check_damaged_isFound(
      String what, String file, UnaryOperator<List<String>> damage, @TempDir Path folder)
      throws Exception {
    List<Finding> findings = KeyedHistory.of(2).change(file, damage).check(folder);
    assertThat(findings)
        .filteredOn(finding -> finding.what().contains(what))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.wrong()).isPositive();
              assertThat(finding.samples()).isNotEmpty();
            });
  }

  @Test
  void check_rowThatWasOnTimeReportedLate_isFound(@TempDir Path folder) throws Exception {
    KeyedHistory history = KeyedHistory.of(3);
    history.change(
        KeyedHistory.QUARANTINE,
        lines -> {
          lines.add(
              "{\"stage\":\"minutes\",\"reason\":\"late\",\"row\":\"{\\\"feeder\\\":\\\"f0\\\",\\\"n\\\":2000}\"}");
          return lines;
        });
    assertThat(history.check(folder))
        .filteredOn(finding -> finding.what().equals("late row was not surely on time"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.wrong()).isPositive());
  }

  @Test
  void check_rowThatWasSentAgainFarTooLateReportedLate_holds(@TempDir Path folder)
      throws Exception {
    KeyedHistory history = KeyedHistory.of(4);
    history.change(
        KeyedHistory.SENT,
        lines -> {
          String again = lines.get(10);
          lines.add(again.replaceAll("\"(sent|acked)\":\\d+", "\"$1\":90000"));
          return lines;
        });
    history.change(
        KeyedHistory.QUARANTINE,
        lines -> {
          lines.add(
              "{\"stage\":\"once\",\"reason\":\"late\",\"row\":\"{\\\"feeder\\\":\\\"f0\\\",\\\"n\\\":11}\"}");
          return lines;
        });
    assertThat(history.check(folder))
        .filteredOn(finding -> finding.what().equals("late row was not surely on time"))
        .allMatch(finding -> finding.wrong() == 0);
  }

  @Test
  void check_rowsOfOneKeyOvertaking_isFound(@TempDir Path folder) throws Exception {
    List<Finding> findings = PlainHistory.check(folder, lines -> swapped(0, 1).apply(lines));
    assertThat(findings)
        .filteredOn(finding -> finding.what().contains("comes after those of its key"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.wrong()).isPositive());
    assertThat(PlainHistory.check(folder, lines -> lines)).allMatch(f -> f.wrong() == 0);
  }

  @Test
  void check_rowWithAnotherVersionInTheSink_isFound(@TempDir Path folder) throws Exception {
    assertThat(RefreshedHistory.check(folder.resolve("same"), 8)).noneMatch(CheckerTest::ofVersion);
    assertThat(RefreshedHistory.check(folder.resolve("other"), 9)).anyMatch(CheckerTest::ofVersion);
  }

  private static boolean ofVersion(Finding finding) {
    return finding.what().contains("version of the table") && finding.wrong() > 0;
  }

  private static Arguments damage(String what, String file, UnaryOperator<List<String>> damage) {
    return Arguments.of(what, file, damage);
  }

  private static UnaryOperator<List<String>> without(int line) {
    return lines -> {
      lines.remove(line);
      return lines;
    };
  }

  private static UnaryOperator<List<String>> again(int line) {
    return lines -> {
      lines.add(lines.get(line));
      return lines;
    };
  }

  private static UnaryOperator<List<String>> adding(String line) {
    return lines -> {
      lines.add(line);
      return lines;
    };
  }

  private static UnaryOperator<List<String>> withoutAny(String word) {
    return lines -> without(first(lines, word)).apply(lines);
  }

  private static UnaryOperator<List<String>> againAny(String word) {
    return lines -> again(first(lines, word)).apply(lines);
  }

  private static UnaryOperator<List<String>> with(String before, String after) {
    return lines -> {
      int line = first(lines, before);
      lines.set(line, lines.get(line).replace(before, after));
      return lines;
    };
  }

  private static UnaryOperator<List<String>> swapped(int one, int other) {
    return lines -> {
      Collections.swap(lines, one, other);
      return lines;
    };
  }

  private static int first(List<String> lines, String word) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(word)) {
        return i;
      }
    }
    throw new IllegalArgumentException("No line has " + word);
  }
}
