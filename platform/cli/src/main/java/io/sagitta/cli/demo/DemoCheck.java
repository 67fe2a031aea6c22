package io.sagitta.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds what the pipeline found against what plain DuckDB finds in the same file.
 *
 * @param findings what was compared, a line each, with both figures
 * @param differences what is not equal; none if all is well
 */
public record DemoCheck(List<String> findings, List<String> differences) {
  private static final int SHOWN = 5;

  public DemoCheck {
    findings = List.copyOf(findings);
    differences = List.copyOf(differences);
  }

  /**
   * Compares.
   *
   * @param status control's answer about the pipeline
   * @param rows rows of its stream {@code punctuality}
   */
  public static DemoCheck of(Flights.Answer expected, JsonNode status, List<JsonNode> rows) {
    Findings findings = new Findings();
    findings.equal("flights in", expected.rows(), counts(status, "flights").path("in").asLong());
    findings.equal(
        "repeats dropped",
        expected.rows() - expected.distinct(),
        counts(status, "once").path("duplicates").asLong());
    findings.equal(
        "flights in windows",
        expected.distinct(),
        counts(status, "by_airport").path("in").asLong());
    status
        .path("stages")
        .forEach(
            stage -> {
              String name = stage.path("name").asText();
              findings.zero(name + ": rows of which nothing is known", stage.path("missing"));
              findings.zero(name + ": rows on the way", stage.path("onTheWay"));
              findings.zero(name + ": rows late", stage.path("counts").path("late"));
              findings.zero(name + ": rows held", stage.path("counts").path("held"));
            });
    findings.equal("airport hours", expected.hours().size(), rows.size());
    Map<String, Flights.Hour> found = new TreeMap<>();
    for (JsonNode row : rows) {
      String key = row.path("origin").asText() + " " + seconds(row.path("window_start").asText());
      if (found.put(key, hour(row)) != null) {
        findings.differences.add("airport hour " + key + " came twice");
      }
    }
    List<String> unequal = new ArrayList<>();
    expected
        .hours()
        .forEach(
            (key, hour) -> {
              Flights.Hour other = found.get(key);
              if (other == null || !hour.matches(other)) {
                unequal.add("airport hour %s: DuckDB %s, Sagitta %s".formatted(key, hour, other));
              }
            });
    findings.equal(
        "airport hours with equal figures",
        expected.hours().size(),
        expected.hours().size() - unequal.size());
    unequal.stream().limit(SHOWN).forEach(findings.differences::add);
    return new DemoCheck(findings.lines, findings.differences);
  }

  private static Flights.Hour hour(JsonNode row) {
    return new Flights.Hour(
        row.path("flights").asLong(),
        row.path("mean_delay").asDouble(),
        row.path("p99_delay").asDouble(),
        row.path("city").asText("").equals("null") ? "" : row.path("city").asText(""));
  }

  private static String seconds(String timestamp) {
    return timestamp.replaceAll("\\.\\d+", "");
  }

  private static JsonNode counts(JsonNode status, String stage) {
    for (JsonNode line : status.path("stages")) {
      if (line.path("name").asText().equals(stage)) {
        return line.path("counts");
      }
    }
    return status.path("none");
  }

  private static final class Findings {
    private final List<String> lines = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();

    private void equal(String what, long expected, long found) {
      String line = "%-34s DuckDB %,9d   Sagitta %,9d".formatted(what, expected, found);
      lines.add(line);
      if (expected != found) {
        differences.add(line.strip());
      }
    }

    private void zero(String what, JsonNode found) {
      if (found.asLong() != 0) {
        differences.add(what + ": " + found.asLong());
      }
    }
  }
}
