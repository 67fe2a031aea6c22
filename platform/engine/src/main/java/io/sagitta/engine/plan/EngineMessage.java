package io.sagitta.engine.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The engine's error messages in our words: no noise, the candidates kept. */
final class EngineMessage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern UNGROUPED =
      Pattern.compile("column \"(.+?)\" must appear in the GROUP BY clause.*", Pattern.DOTALL);

  private static final Pattern NO_SUCH_COLUMN =
      Pattern.compile("^Table \".+?\" does not have a column named \"(.+?)\"");
  private static final Pattern NO_SUCH_TABLE =
      Pattern.compile("^Referenced table \"(.+?)\" not found");
  private static final Pattern QUOTED = Pattern.compile("\"(.+?)\"");
  private static final Pattern TYPE =
      Pattern.compile("[A-Z][A-Z0-9_]*(?: WITH TIME ZONE)?(?:\\(\\d+,\\d+\\))?");
  private static final int MOST_SIGNATURES = 3;

  private EngineMessage() {}

  /** Returns what {@code e} says of the SQL. */
  static SqlFault fault(SQLException e) {
    String text = String.valueOf(e.getMessage());
    int brace = text.indexOf('{');
    if (brace >= 0) {
      try {
        JsonNode error = JSON.readTree(text.substring(brace));
        if (error.hasNonNull("exception_message")) {
          boolean unknownColumn =
              error.path("error_subtype").asText().equals("COLUMN_NOT_FOUND")
                  || NO_SUCH_COLUMN.matcher(error.path("exception_message").asText()).find();
          return new SqlFault(words(error), position(error), unknownColumn);
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
      case "NO_MATCHING_FUNCTION" -> noMatch(error, name);
      default -> plain(message);
    };
  }

  private static String plain(String message) {
    Matcher noColumn = NO_SUCH_COLUMN.matcher(message);
    if (noColumn.find()) {
      return "Unknown column '" + noColumn.group(1) + "'." + bindings(message, noColumn.group(1));
    }
    Matcher noTable = NO_SUCH_TABLE.matcher(message);
    if (noTable.find()) {
      return "Unknown relation '" + noTable.group(1) + "'." + bindings(message, noTable.group(1));
    }
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

  private static String bindings(String message, String name) {
    int at = message.indexOf("Candidate ");
    List<String> known =
        at < 0
            ? List.of()
            : QUOTED.matcher(message.substring(at)).results().map(m -> m.group(1)).toList();
    return Names.suggestion(name, known);
  }

  private static String candidates(JsonNode error, String name) {
    String candidates = error.path("candidates").asText();
    if (candidates.isEmpty()) {
      return "";
    }
    List<String> known = Arrays.asList(candidates.split(","));
    return Names.suggestion(name, known);
  }

  private static String noMatch(JsonNode error, String name) {
    String given = typed(error.path("call").asText().replace("_LITERAL", ""));
    String types = given.substring(given.indexOf('('));
    if (!Character.isLetter(name.charAt(0))) {
      return "'" + name + "' does not take " + types + ". Cast one side, as in CAST(x AS DOUBLE).";
    }
    List<String> takes =
        error
            .path("exception_message")
            .asText()
            .lines()
            .filter(line -> line.startsWith("\t" + name + "("))
            .map(line -> typed(line.strip().replaceFirst(" -> .*", "")))
            .distinct()
            .limit(MOST_SIGNATURES)
            .toList();
    return "'"
        + name
        + "' does not take "
        + types
        + (takes.isEmpty() ? "" : ". It takes " + String.join(" or ", takes))
        + ". Cast the argument, as in CAST(x AS DOUBLE).";
  }

  /** Returns {@code call} with types as definitions write them. */
  private static String typed(String call) {
    Matcher type = TYPE.matcher(call);
    return type.replaceAll(
        m -> ColumnTypes.ofResult(m.group()).map(Object::toString).orElse(m.group()));
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
