package io.sagitta.control.api;

import java.util.List;

/**
 * Tokens of pipelines.
 *
 * @param tokens one for each pipeline that is applied
 * @param unknown those that are not
 */
public record PipelineTokens(List<IssuedToken> tokens, List<String> unknown) {
  public PipelineTokens {
    tokens = List.copyOf(tokens);
    unknown = List.copyOf(unknown);
  }
}
