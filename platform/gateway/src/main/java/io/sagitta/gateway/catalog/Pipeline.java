package io.sagitta.gateway.catalog;

import io.sagitta.definition.HttpSource;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Stream;
import io.sagitta.policy.Action;
import io.sagitta.policy.Resource;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.service.access.Visit;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.StreamVersion;
import java.util.List;
import java.util.Map;

/**
 * One revision of a pipeline. That it is paused makes no difference here: its topics keep what
 * comes until it runs again.
 *
 * @param versions what each stream's rows look like
 */
public record Pipeline(
    PipelineId id,
    long revision,
    PipelineDefinition definition,
    Map<String, StreamVersion> versions) {
  public Pipeline {
    versions = Map.copyOf(versions);
  }

  /**
   * Returns a source that takes posts.
   *
   * @throws ProblemException 404 with the sources that do
   */
  public HttpSource source(String name, Visit visit) {
    if (definition.spec().sources().get(name) instanceof HttpSource source) {
      return source;
    }
    List<String> there =
        definition.spec().sources().entrySet().stream()
            .filter(e -> e.getValue() instanceof HttpSource)
            .map(Map.Entry::getKey)
            .filter(s -> visit.may(Action.OnSource.WRITE, new Resource.Source(resource(), s)))
            .toList();
    throw Problem.of(
            404,
            "unknown-source",
            "Unknown source",
            "Pipeline '%s' has no source '%s' of type http. %s"
                .formatted(id, name, Names.listed("It has", there)))
        .exception();
  }

  /**
   * Returns a published stream.
   *
   * @throws ProblemException 404 with the streams there are
   */
  public Stream stream(String name, Visit visit) {
    Stream stream = definition.spec().streams().get(name);
    if (stream != null) {
      return stream;
    }
    List<String> there =
        definition.spec().streams().keySet().stream()
            .filter(s -> visit.may(Action.OnStream.READ, new Resource.Stream(resource(), s)))
            .toList();
    throw Problem.of(
            404,
            "unknown-stream",
            "Unknown stream",
            "Pipeline '%s' has no stream '%s'. %s"
                .formatted(id, name, Names.listed("It has", there)))
        .exception();
  }

  private Resource.Pipeline resource() {
    return new Resource.Pipeline(id.tenant(), id.name());
  }
}
