package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Calls that bound how long a text is, such as {@code left(name, 100)}. */
final class Cut {
  private static final Set<String> FROM_A_SIDE = Set.of("left", "right");
  private static final Set<String> FROM_A_PLACE = Set.of("substring", "substr");

  private Cut() {}

  /** Returns the most characters that {@code call} yields; empty if it does not bound them. */
  static OptionalLong characters(JsonNode call) {
    String name = Names.folded(call.path("function_name").asText());
    List<JsonNode> arguments = SqlTree.items(call.path("children"));
    int count = FROM_A_SIDE.contains(name) ? 1 : FROM_A_PLACE.contains(name) ? 2 : -1;
    if (count < 0 || arguments.size() != count + 1) {
      return OptionalLong.empty();
    }
    JsonNode value = arguments.get(count).path("value").path("value");
    return value.isIntegralNumber() && value.asLong() >= 0
        ? OptionalLong.of(value.asLong())
        : OptionalLong.empty();
  }
}
