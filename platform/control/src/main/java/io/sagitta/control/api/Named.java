package io.sagitta.control.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.control.apply.ApplyRequest;
import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.ReadResult;
import io.sagitta.policy.Action;
import io.sagitta.policy.Resource;
import io.sagitta.service.access.Visit;
import java.util.Optional;

/** Finds which pipeline a request's definition is of, and asks about that before all else. */
final class Named {
  private Named() {}

  /**
   * Returns {@code request} under the name of whoever proved to be its author, if they may do
   * {@code action} to its pipeline. A definition that cannot be read names none: whoever is known
   * learns what is wrong with it, as {@code sagitta validate} would tell them, and it goes no
   * further.
   */
  static ApplyRequest by(ApplyRequest request, Action.OnPipeline action, Visit visit) {
    ReadResult read =
        request.env().isEmpty()
            ? DefinitionReader.read(request.file(), request.definition().getBytes(UTF_8))
            : DefinitionReader.read(
                request.file(),
                request.definition().getBytes(UTF_8),
                request.envFile(),
                request.env().getBytes(UTF_8));
    Optional<PipelineDefinition> definition = read.definition();
    definition.ifPresent(
        d ->
            visit.require(
                action, new Resource.Pipeline(d.metadata().tenant(), d.metadata().name())));
    return request.by(visit.author(request.author()));
  }
}
