package io.sagitta.control.api;

import io.sagitta.transport.Deployment;

/**
 * What shall run after a change.
 *
 * @param desired {@code RUNNING}, {@code PAUSED} or {@code DELETED}
 */
public record DesiredChange(String tenant, String pipeline, long revision, String desired) {
  static DesiredChange of(Deployment deployment) {
    return new DesiredChange(
        deployment.tenant(),
        deployment.pipeline(),
        deployment.revision(),
        deployment.desired().name());
  }
}
