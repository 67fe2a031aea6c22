package io.sagitta.control.apply;

import io.sagitta.definition.PulsarSource;
import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.engine.Plan;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which pipelines read which streams of others. */
final class StreamReaders {
  private final Collection<Deployment> deployments;
  private final Plans plans;

  StreamReaders(Collection<Deployment> deployments, Plans plans) {
    this.deployments = List.copyOf(deployments);
    this.plans = plans;
  }

  /** Returns a line for each reader of one of {@code streams}, or of any if it is empty. */
  List<String> of(PipelineId pipeline, Optional<Set<String>> streams) {
    List<String> readers = new ArrayList<>();
    for (Deployment deployment : deployments) {
      if (!deployment.id().equals(pipeline)) {
        Optional<Plan> plan = plans.of(deployment);
        plan.map(p -> p.definition().spec().sources())
            .orElse(Map.of())
            .forEach(
                (name, source) ->
                    stream(source)
                        .filter(s -> s.startsWith(pipeline + "/"))
                        .map(s -> s.substring(pipeline.toString().length() + 1))
                        .filter(s -> streams.isEmpty() || streams.get().contains(s))
                        .ifPresent(
                            s ->
                                readers.add(
                                    "source '%s' of %s reads stream '%s'"
                                        .formatted(name, deployment.id(), s))));
      }
    }
    return readers;
  }

  /** Returns the sources of {@code spec} that read a stream which nobody publishes. */
  List<String> missing(Spec spec) {
    List<String> errors = new ArrayList<>();
    spec.sources()
        .forEach(
            (name, source) ->
                stream(source).filter(s -> !isPublished(s)).ifPresent(s -> errors.add(name)));
    return errors;
  }

  private boolean isPublished(String stream) {
    int slash = stream.lastIndexOf('/');
    PipelineId publisher = PipelineId.parse(stream.substring(0, slash));
    return deployments.stream()
        .filter(d -> d.id().equals(publisher))
        .map(plans::of)
        .flatMap(Optional::stream)
        .anyMatch(p -> p.definition().spec().streams().containsKey(stream.substring(slash + 1)));
  }

  /** Returns {@code tenant/pipeline/stream}, without a version. */
  private static Optional<String> stream(Source source) {
    return source instanceof PulsarSource pulsar
        ? pulsar.stream().map(s -> s.contains("@") ? s.substring(0, s.indexOf('@')) : s)
        : Optional.empty();
  }
}
