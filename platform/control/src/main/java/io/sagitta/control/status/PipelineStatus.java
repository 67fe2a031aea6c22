package io.sagitta.control.status;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/** One pipeline, with each of its tasks and the ledger of each of its stages. */
public record PipelineStatus(
    @JsonUnwrapped PipelineSummary summary, List<TaskLine> tasks, List<StageLine> stages) {
  public PipelineStatus {
    tasks = List.copyOf(tasks);
    stages = List.copyOf(stages);
  }
}
