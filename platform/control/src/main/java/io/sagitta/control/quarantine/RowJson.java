package io.sagitta.control.quarantine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rows in quarantine as JSON objects, without the values that people must not see. */
final class RowJson {
  /** What stands in the place of a value that people must not see. */
  static final String MASK = "***";

  private static final Pattern QUOTED = Pattern.compile("[\"'].*", Pattern.DOTALL);

  // Exact, so that a number goes back as it came.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private RowJson() {}

  /** Parses an object; empty if {@code text} is none. */
  static Optional<ObjectNode> parse(String text) {
    try {
      return JSON.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static String text(JsonNode row) {
    try {
      return JSON.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree is always JSON", e);
    }
  }

  /** Returns {@code row} with masks for the columns {@code sensitive}. */
  static ObjectNode masked(ObjectNode row, Set<String> sensitive) {
    ObjectNode masked = row.deepCopy();
    sensitive.stream().filter(masked::hasNonNull).forEach(column -> masked.put(column, MASK));
    return masked;
  }

  /** Returns {@code mended} with the values of {@code kept} where a mask was left in place. */
  static ObjectNode unmasked(ObjectNode mended, ObjectNode kept, Set<String> sensitive) {
    ObjectNode row = mended.deepCopy();
    for (String column : sensitive) {
      if (MASK.equals(row.path(column).textValue()) && kept.has(column)) {
        row.set(column, kept.get(column));
      }
    }
    return row;
  }

  /** Returns {@code detail} up to where it begins to quote something. */
  static String withoutQuotes(String detail) {
    return QUOTED.matcher(detail).replaceFirst(MASK);
  }

  /** Returns {@code detail} if it shows none of the columns {@code sensitive}, nor its value. */
  static String masked(String detail, Optional<ObjectNode> row, Set<String> sensitive) {
    boolean shows =
        sensitive.stream()
            .anyMatch(
                column ->
                    detail.contains("'" + column + "'")
                        || row.filter(r -> r.hasNonNull(column))
                            .map(r -> detail.contains(r.get(column).asText()))
                            .orElse(false));
    return shows ? MASK : detail;
  }
}
