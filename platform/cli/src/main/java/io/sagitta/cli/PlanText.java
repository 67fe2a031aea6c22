package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines for people, with picocli's markup, from control's plans. */
final class PlanText {
  private PlanText() {}

  /** Returns what was applied. */
  static List<String> ofApplied(JsonNode reply) {
    List<String> lines = new ArrayList<>();
    if (reply.path("unchanged").asBoolean()) {
      lines.add(
          title(reply)
              + ": revision "
              + reply.path("revision").asText()
              + " runs already, unchanged");
    } else {
      lines.add(title(reply) + ": revision " + reply.path("revision").asText() + " applied");
      lines.addAll(changes(reply.path("plan")));
    }
    return lines;
  }

  /** Returns what would be applied. */
  static List<String> ofPlan(JsonNode plan) {
    List<String> lines = new ArrayList<>();
    long revision = plan.path("runningRevision").asLong();
    if (plan.path("unchanged").asBoolean()) {
      lines.add(title(plan) + ": nothing to do, revision " + revision + " is the same");
      return lines;
    }
    lines.add(title(plan) + (revision == 0 ? ": new" : ": against revision " + revision));
    lines.addAll(changes(plan));
    for (JsonNode topic : plan.path("topics")) {
      lines.add(
          "  + topic "
              + topic.path("name").asText()
              + ", "
              + topic.path("partitions").asText()
              + (topic.path("partitions").asInt() == 1 ? " partition" : " partitions"));
    }
    for (JsonNode sink : plan.path("sinks")) {
      lines.add(
          "    sink "
              + sink.path("name").asText()
              + " delivers "
              + words(sink.path("guarantee").asText()));
    }
    if (!plan.path("refusals").isEmpty()) {
      lines.add("@|bold,red apply would refuse:|@");
      plan.path("refusals").forEach(r -> lines.add("  " + problem(r)));
    }
    return lines;
  }

  private static List<String> changes(JsonNode plan) {
    List<String> lines = new ArrayList<>();
    for (JsonNode change : plan.path("changes")) {
      String sign =
          switch (change.path("action").asText()) {
            case "ADD" -> "@|green +|@";
            case "DROP" -> "@|red -|@";
            default -> "@|yellow ~|@";
          };
      String state = change.path("state").asText("");
      lines.add(
          "  "
              + sign
              + " "
              + change.path("what").asText()
              + " "
              + change.path("name").asText()
              + text(change.path("text").asText(""))
              + (state.isEmpty() || state.equals("NONE") ? "" : " (state " + words(state) + ")"));
    }
    return lines;
  }

  private static String text(String text) {
    return text.isEmpty() ? "" : ": " + text;
  }

  private static String problem(JsonNode problem) {
    return problem.path("file").asText()
        + ":"
        + problem.path("line").asText()
        + ":"
        + problem.path("column").asText()
        + ": "
        + problem.path("message").asText();
  }

  private static String title(JsonNode reply) {
    return "@|bold " + Names.of(reply) + "|@";
  }

  private static String words(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
