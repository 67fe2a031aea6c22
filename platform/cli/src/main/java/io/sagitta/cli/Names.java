package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Names of pipelines in control's answers. */
final class Names {
  private Names() {}

  /** Returns {@code tenant/pipeline} of an answer that is about one pipeline. */
  static String of(JsonNode answer) {
    return answer.path("tenant").asText() + "/" + answer.path("pipeline").asText();
  }
}
