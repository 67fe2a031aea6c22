package io.sagitta.control.api;

import java.util.List;
import java.util.Objects;

/**
 * Whose tokens a node wants.
 *
 * @param pipelines each as {@code tenant/name}
 */
public record PipelineTokenOrder(List<String> pipelines) {
  public PipelineTokenOrder {
    // A key that JSON leaves out is null here.
    pipelines = List.copyOf(Objects.requireNonNullElse(pipelines, List.of()));
  }
}
