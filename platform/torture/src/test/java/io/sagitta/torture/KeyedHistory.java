package io.sagitta.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** The history of a run of shape {@code keyed} as it must be, worked out in plain Java. */
final class KeyedHistory {
  static final Shape SHAPE = Shapes.named("keyed").orElseThrow();
  static final String SENT = "sent/keyed.ndjson";
  static final String ROWS = "received/keyed-stream-rows.ndjson";
  static final String MINUTES = "received/keyed-stream-minutes.ndjson";
  static final String QUARANTINE = "quarantine/keyed.ndjson";
  static final String STATUS = "status/keyed.json";
  static final String WATERMARKS = "watermarks.ndjson";
  static final String MEMORY = "memory.ndjson";
  static final String EVENTS = "events.ndjson";
  private static final int ROWS_PER_REQUEST = 50;
  private static final int REQUESTS = 60;

  private final Map<String, List<String>> files = new TreeMap<>();

  private KeyedHistory() {}

  /** Returns the history of {@code seed}; half of the rows far behind are late. */
  static KeyedHistory of(long seed) {
    KeyedHistory history = new KeyedHistory();
    Rows rows = new Rows("f0", seed, new AtomicLong(), SHAPE.traits());
    Map<Long, Rows.Row> kept = new LinkedHashMap<>();
    Instant newest = Instant.EPOCH;
    long sent = 0;
    long bad = 0;
    long late = 0;
    for (int request = 0; request < REQUESTS; request++) {
      for (Rows.Row row : rows.next(ROWS_PER_REQUEST)) {
        sent++;
        history.add(
            SENT,
            row.json().replaceAll("}$", "")
                + ",\"source\":\"orders\",\"sent\":%d,\"acked\":%d}"
                    .formatted(1_000 + request * 100, 1_050 + request * 100));
        newest = newest.isBefore(row.at()) ? row.at() : newest;
        if (row.amount() <= 0) {
          bad++;
          history.refuse("checked", "amount is positive", row);
        } else if (!kept.containsKey(row.n())) {
          history.add(ROWS, row.json().replaceAll("}$", "") + ",\"r\":" + kept.size() + "}");
          kept.put(row.n(), row);
          if (row.at().isBefore(newest.minus(5, ChronoUnit.MINUTES))) {
            late++;
            history.refuse("minutes", "late", row);
          }
        }
        if (sent % 40 == 0) {
          history.add(
              WATERMARKS,
              "{\"t\":%d,\"topic\":\"x\",\"sender\":\"once/0\",\"watermark\":%d}"
                  .formatted(sent, ChronoUnit.MICROS.between(Instant.EPOCH, newest)));
        }
      }
    }
    history.add(MEMORY, "{\"t\":1,\"process\":\"node-1\",\"pid\":7,\"rssKib\":1}");
    history.add(
        EVENTS,
        "{\"t\":1,\"kind\":\"unfit\",\"pipeline\":\"keyed\",\"accepted\":false,\"wanted\":\"cannot change\",\"says\":\"it cannot change\"}");
    history.addWindows(kept);
    history.addStatus(sent, bad, late);
    return history;
  }

  private void addWindows(Map<Long, Rows.Row> kept) {
    List<String> late = files.getOrDefault(QUARANTINE, List.of());
    Map<String, List<Rows.Row>> windows = new TreeMap<>();
    for (Rows.Row row : kept.values()) {
      boolean isLate =
          late.stream().anyMatch(l -> l.contains("late") && l.contains("n\\\":" + row.n() + ","));
      if (!isLate) {
        windows
            .computeIfAbsent(
                row.key() + " " + row.at().truncatedTo(ChronoUnit.MINUTES), w -> new ArrayList<>())
            .add(row);
      }
    }
    windows.forEach(
        (window, rows) -> {
          Instant start = rows.get(0).at().truncatedTo(ChronoUnit.MINUTES);
          add(
              MINUTES,
              "{\"k\":\"%s\",\"window_start\":\"%s\",\"window_end\":\"%s\",\"found\":%d,\"total\":%s,\"low\":%d,\"high\":%d}"
                  .formatted(
                      rows.get(0).key(),
                      start,
                      start.plus(1, ChronoUnit.MINUTES),
                      rows.size(),
                      rows.stream().mapToDouble(Rows.Row::amount).sum(),
                      rows.stream().mapToLong(Rows.Row::n).min().orElseThrow(),
                      rows.stream().mapToLong(Rows.Row::n).max().orElseThrow()));
        });
  }

  private void addStatus(long sent, long bad, long late) {
    add(
        STATUS,
        """
        {"stages": [
          {"name": "orders", "counts": {"in": %d}},
          {"name": "checked", "counts": {"quarantined": %d}},
          {"name": "minutes", "missing": 0, "onTheWay": 0, "counts": {"late": %d, "held": 0}}]}"""
            .formatted(sent, bad, late));
  }

  private void refuse(String stage, String reason, Rows.Row row) {
    add(
        QUARANTINE,
        "{\"stage\":\"%s\",\"reason\":\"%s\",\"row\":\"%s\"}"
            .formatted(stage, reason, row.json().replace("\"", "\\\"")));
  }

  private void add(String file, String line) {
    files.computeIfAbsent(file, f -> new ArrayList<>()).add(line);
  }

  /** Puts other lines in place of a file's. */
  KeyedHistory change(String file, UnaryOperator<List<String>> change) {
    files.put(file, change.apply(new ArrayList<>(files.get(file))));
    return this;
  }

  /** Writes the history into {@code folder} and checks it. */
  List<Finding> check(Path folder) throws Exception {
    files.forEach((file, lines) -> write(folder.resolve(file), lines));
    return Checker.check(folder, List.of(SHAPE));
  }

  private static void write(Path path, List<String> lines) {
    try {
      Files.createDirectories(path.resolveSibling("."));
      Files.write(path, lines);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
