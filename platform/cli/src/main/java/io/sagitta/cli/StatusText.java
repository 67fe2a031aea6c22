package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines for people, with picocli's markup, from control's answers about what runs. */
final class StatusText {
  private StatusText() {}

  /** Returns one line a pipeline. */
  static List<String> ofAll(JsonNode answer) {
    if (answer.path("pipelines").isEmpty()) {
      return List.of("Nothing is applied that you may see. Start with: sagitta apply FILE");
    }
    TextTable table =
        new TextTable("PIPELINE", "REVISION", "STATE", "TASKS", "ROWS IN", "ROWS/S", "LEDGER");
    for (JsonNode p : answer.path("pipelines")) {
      table.row(
          Names.of(p),
          p.path("revision").asText(),
          p.path("state").asText().toLowerCase(Locale.ROOT),
          p.path("tasksRunning").asText() + "/" + p.path("tasksExpected").asText(),
          number(p.path("rowsIn")),
          number(p.path("rowsPerSecond")),
          ledger(p));
    }
    return table.lines("");
  }

  /** Returns what is known of one pipeline. */
  static List<String> ofPipeline(JsonNode status, boolean withLedger) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "@|bold "
            + Names.of(status)
            + "|@  revision "
            + status.path("revision").asText()
            + "  "
            + state(status.path("state").asText())
            + "  applied "
            + status.path("appliedAt").asText()
            + " by "
            + status.path("author").asText()
            + commit(status));
    String words = status.path("words").asText();
    if (!words.isEmpty()) {
      lines.add("  @|yellow paused:|@ " + words);
    }
    String reason = status.path("reason").asText("");
    if (!reason.isEmpty()) {
      lines.add("  went back by itself: " + reason);
    }
    lines.addAll(backlog(status.path("backlog")));
    JsonNode storage = status.path("storage");
    if (storage.hasNonNull("since")) {
      lines.add(
          "  @|yellow ingest is held|@ since %s: its tenant's topics keep %s, its quota is %s"
              .formatted(
                  storage.path("since").asText(),
                  mebibytes(storage.path("bytes")),
                  mebibytes(storage.path("limitBytes"))));
    }
    lines.add("");
    lines.addAll(tasks(status));
    lines.add("");
    lines.addAll(withLedger ? ledgerOf(status) : stages(status));
    return lines;
  }

  private static List<String> backlog(JsonNode backlog) {
    if (!backlog.hasNonNull("bytes")) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "  backlog: %s, %s"
            .formatted(
                mebibytes(backlog.path("bytes")),
                backlog.hasNonNull("drainedInSeconds")
                    ? "drained in " + seconds(backlog.path("drainedInSeconds"))
                    : "not shrinking"));
    JsonNode backpressure = backlog.path("backpressure");
    if (backpressure.hasNonNull("since")) {
      lines.add(
          "  @|yellow ingest is held|@ since %s: no more than %s may wait"
              .formatted(
                  backpressure.path("since").asText(), mebibytes(backpressure.path("limitBytes"))));
    }
    return lines;
  }

  private static String mebibytes(JsonNode bytes) {
    return String.format(Locale.ROOT, "%,.1f MiB", bytes.asDouble() / (1 << 20));
  }

  private static List<String> tasks(JsonNode status) {
    TextTable table =
        new TextTable("TASK", "NODE", "STATE", "STEP", "WATERMARK", "BEHIND", "REPORTED", "WORDS");
    for (JsonNode t : status.path("tasks")) {
      boolean reported = t.hasNonNull("at");
      table.row(
          t.path("chain").asText() + "/" + t.path("partition").asText(),
          t.path("node").asText("-"),
          t.path("state").asText().toLowerCase(Locale.ROOT),
          t.path("step").asText("-"),
          t.path("watermark").asText("-"),
          behind(t),
          reported
              ? String.format(Locale.ROOT, "%.0f s ago", t.path("ageSeconds").asDouble())
              : "never",
          t.path("message").asText(""));
    }
    return table.lines("  ");
  }

  private static String behind(JsonNode task) {
    if (!task.hasNonNull("behindSeconds")) {
      return "-";
    }
    String behind = seconds(task.path("behindSeconds"));
    return task.hasNonNull("caughtUpInSeconds")
        ? behind + ", caught up in " + seconds(task.path("caughtUpInSeconds"))
        : behind + ", not shrinking";
  }

  private static String seconds(JsonNode value) {
    return String.format(Locale.ROOT, "%,.0f s", value.asDouble());
  }

  private static List<String> stages(JsonNode status) {
    TextTable table = new TextTable("STAGE", "IN", "OUT", "IN/S", "OUT/S");
    for (JsonNode s : status.path("stages")) {
      table.row(
          s.path("name").asText(),
          number(s.path("counts").path("in")),
          number(s.path("counts").path("out")),
          number(s.path("inPerSecond")),
          number(s.path("outPerSecond")));
    }
    List<String> lines = new ArrayList<>(table.lines("  "));
    lines.add("  ledger: " + ledger(status));
    return lines;
  }

  private static List<String> ledgerOf(JsonNode status) {
    TextTable table =
        new TextTable(
            "STAGE",
            "IN",
            "OUT",
            "FILTERED",
            "DUPLICATES",
            "QUARANTINED",
            "LATE",
            "HELD",
            "ON THE WAY",
            "MISSING");
    for (JsonNode s : status.path("stages")) {
      JsonNode c = s.path("counts");
      table.row(
          s.path("name").asText(),
          number(c.path("in")),
          number(c.path("out")),
          number(c.path("filtered")),
          number(c.path("duplicates")),
          number(c.path("quarantined")),
          number(c.path("late")),
          number(c.path("held")),
          number(s.path("onTheWay")),
          number(s.path("missing")));
    }
    List<String> lines = new ArrayList<>(table.lines("  "));
    lines.add("  ledger: " + ledger(status));
    return lines;
  }

  private static String ledger(JsonNode status) {
    if (!status.path("balanced").asBoolean()) {
      return "DOES NOT BALANCE";
    }
    return status.path("settled").asBoolean() ? "balances" : "balances, rows on the way";
  }

  private static String commit(JsonNode status) {
    String commit = status.path("commit").asText("");
    return commit.isEmpty() ? "" : " from " + commit.substring(0, Math.min(12, commit.length()));
  }

  private static String state(String state) {
    String lower = state.toLowerCase(Locale.ROOT);
    return switch (state) {
      case "RUNNING" -> "@|green " + lower + "|@";
      case "PAUSED", "STARTING" -> "@|yellow " + lower + "|@";
      default -> "@|bold,red " + lower + "|@";
    };
  }

  private static String number(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? "-"
        : String.format(Locale.ROOT, "%,d", Math.round(value.asDouble()));
  }
}
