package io.sagitta.node;

import io.sagitta.transport.PipelineId;
import java.io.IOException;
import java.time.Instant;

/** Where a node gets the tokens of the pipelines that it may run. */
@FunctionalInterface
interface TokenSource {

  /**
   * What proves to Pulsar that one is a pipeline.
   *
   * @param text a secret
   * @param expires when Pulsar takes it no more
   */
  record Token(String text, Instant expires) {
    @Override
    public String toString() {
      return "token until " + expires;
    }
  }

  /**
   * Returns a new token of {@code pipeline}. May wait, but not for long.
   *
   * @throws IOException if there is none at present
   */
  Token fetch(PipelineId pipeline) throws IOException, InterruptedException;
}
