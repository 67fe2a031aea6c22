package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Lines for people, with picocli's markup, about one test of a definition. */
final class TestText {
  private TestText() {}

  static List<String> of(JsonNode result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        (result.path("passed").asBoolean() ? "@|green ok|@    " : "@|bold,red FAILED|@ ")
            + result.path("pipeline").asText()
            + ": "
            + result.path("test").asText());
    for (JsonNode difference : result.path("differences")) {
      lines.add(
          "  "
              + result.path("file").asText()
              + ":"
              + difference.path("line").asText()
              + ":"
              + difference.path("column").asText()
              + ": "
              + where(difference)
              + "expected "
              + difference.path("expected").asText()
              + ", got "
              + difference.path("actual").asText());
    }
    return lines;
  }

  private static String where(JsonNode difference) {
    int index = difference.path("row").asInt();
    String row = index < 0 ? "" : "row " + (index + 1);
    String field = difference.path("field").asText("");
    String column = field.isEmpty() ? "" : "column '" + field + "'";
    String place = row + (row.isEmpty() || column.isEmpty() ? "" : ", ") + column;
    return place.isEmpty() ? "" : place + ": ";
  }
}
