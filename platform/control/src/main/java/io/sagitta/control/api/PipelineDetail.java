package io.sagitta.control.api;

import io.sagitta.control.status.PipelineStatus;
import java.util.Map;

/**
 * One pipeline with the text that it runs.
 *
 * @param definition the YAML text
 * @param env the YAML text of its environment's overlay, or empty
 * @param tables content hash by table
 */
public record PipelineDetail(
    String definition, String env, Map<String, String> tables, PipelineStatus status) {
  public PipelineDetail {
    tables = Map.copyOf(tables);
  }
}
