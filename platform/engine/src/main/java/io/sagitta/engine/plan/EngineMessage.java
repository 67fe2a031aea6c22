package io.sagitta.engine.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The engine's error messages in our words: no noise, the candidates kept. */
final class EngineMessage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern UNGROUPED =
      Pattern.compile("column \"(.+?)\" must appear in the GROUP BY clause.*", Pattern.DOTALL);

  private EngineMessage() {}

  /** Returns what {@code e} says of the SQL. */
  static SqlFault fault(SQLException e) {
    String text = String.valueOf(e.getMessage());
    int brace = text.indexOf('{');
    if (brace >= 0) {
      try {
        JsonNode error = JSON.readTree(text.substring(brace));
        if (error.hasNonNull("exception_message")) {
          return new SqlFault(words(error), position(error));
        }
      } catch (JsonProcessingException notJson) {
        return new SqlFault(text, OptionalInt.empty());
      }
    }
    return new SqlFault(text, OptionalInt.empty());
  }

  /** Returns the byte offset in an error of the engine. */
  static OptionalInt position(JsonNode error) {
    return error.hasNonNull("position")
        ? OptionalInt.of(error.path("position").asInt())
        : OptionalInt.empty();
  }

  /** Returns a parser's message, with what to do. */
  static String mend(String message) {
    if (message.startsWith("Only SELECT statements")) {
      return "Only one SELECT is allowed here: no other statement, no PIVOT.";
    }
    if (message.contains("parameters")) {
      return "Parameters are written ${param:name} and declared under spec.params.";
    }
    return sentence(message);
  }

  private static String words(JsonNode error) {
    String name = error.path("name").asText();
    String message = error.path("exception_message").asText();
    return switch (error.path("error_subtype").asText()) {
      case "COLUMN_NOT_FOUND" -> "Unknown column '" + name + "'." + candidates(error, name);
      case "MISSING_ENTRY" ->
          "Unknown "
              + error.path("type").asText("name").toLowerCase(java.util.Locale.ROOT)
              + " '"
              + name
              + "'."
              + candidates(error, name);
      case "NO_MATCHING_FUNCTION" ->
          "There is no "
              + error.path("call").asText(name).replace("_LITERAL", "")
              + ". It takes "
              + signatures(error)
              + ": cast the argument, as in CAST(x AS DOUBLE).";
      default -> plain(message);
    };
  }

  private static String plain(String message) {
    Matcher ungrouped = UNGROUPED.matcher(message);
    if (ungrouped.matches()) {
      String column = ungrouped.group(1);
      return "Column '"
          + column
          + "' is neither in GROUP BY nor in an aggregate. Add it to GROUP BY, or say which of its"
          + " values you want, as in max("
          + column
          + ").";
    }
    return sentence(message);
  }

  private static String candidates(JsonNode error, String name) {
    String candidates = error.path("candidates").asText();
    if (candidates.isEmpty()) {
      return "";
    }
    List<String> known = Arrays.asList(candidates.split(","));
    return Names.suggestion(name, known);
  }

  private static String signatures(JsonNode error) {
    Set<String> parameters = new LinkedHashSet<>();
    for (String candidate : error.path("candidates").asText().split(",(?=[^(]*\\()")) {
      int end = candidate.indexOf(" -> ");
      parameters.add(end < 0 ? candidate : candidate.substring(0, end));
    }
    List<String> first = parameters.stream().limit(4).toList();
    return String.join(" or ", first) + (parameters.size() > first.size() ? " …" : "");
  }

  private static String sentence(String message) {
    String line = message.strip().replaceAll("\\s*\\n\\s*", " ");
    String capital =
        line.isEmpty() ? line : Character.toUpperCase(line.charAt(0)) + line.substring(1);
    return capital.endsWith(".") || capital.endsWith("?") || capital.endsWith("!")
        ? capital
        : capital + ".";
  }
}
