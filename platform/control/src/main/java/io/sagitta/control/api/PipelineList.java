package io.sagitta.control.api;

import io.sagitta.control.status.PipelineSummary;
import java.util.List;

/** All pipelines, in the order of their ids. */
public record PipelineList(List<PipelineSummary> pipelines) {
  public PipelineList {
    pipelines = List.copyOf(pipelines);
  }
}
