package io.sagitta.control.apply;

import io.sagitta.definition.Locations;
import io.sagitta.definition.Problem;
import io.sagitta.definition.PulsarSource;
import io.sagitta.definition.Spec;
import io.sagitta.definition.options.Nearest;
import io.sagitta.engine.Plan;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.StreamVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which pipelines read which streams of others, and whether they can. */
final class StreamReaders {
  private final Collection<Deployment> deployments;
  private final Plans plans;

  StreamReaders(Collection<Deployment> deployments, Plans plans) {
    this.deployments = List.copyOf(deployments);
    this.plans = plans;
  }

  /**
   * A source of {@code pipeline} that reads a stream.
   *
   * @param stream without a version
   */
  private record Reader(PipelineId pipeline, String name, PulsarSource source, String stream) {
    @Override
    public String toString() {
      return "source '%s' of %s reads stream '%s'"
          .formatted(name, pipeline, stream.substring(stream.lastIndexOf('/') + 1));
    }
  }

  /** Returns a line for each source of another pipeline that reads a stream of {@code pipeline}. */
  List<String> of(PipelineId pipeline) {
    return readers(pipeline).stream().map(Reader::toString).toList();
  }

  private List<Reader> readers(PipelineId pipeline) {
    List<Reader> readers = new ArrayList<>();
    for (Deployment deployment : deployments) {
      if (!deployment.id().equals(pipeline)) {
        plans
            .of(deployment)
            .map(plan -> readers(deployment.id(), plan.definition().spec()))
            .orElse(List.of())
            .stream()
            .filter(reader -> reader.stream().startsWith(pipeline + "/"))
            .forEach(readers::add);
      }
    }
    return readers;
  }

  private static List<Reader> readers(PipelineId pipeline, Spec spec) {
    List<Reader> readers = new ArrayList<>();
    spec.sources()
        .forEach(
            (name, source) -> {
              if (source instanceof PulsarSource pulsar) {
                pulsar
                    .streamName()
                    .ifPresent(stream -> readers.add(new Reader(pipeline, name, pulsar, stream)));
              }
            });
    return readers;
  }

  /**
   * Returns what others who read streams of {@code pipeline} could read no more.
   *
   * @param after the streams that it is to have
   */
  List<Problem> broken(PipelineId pipeline, Map<String, StreamVersion> after, Locations locations) {
    List<Problem> problems = new ArrayList<>();
    for (Reader reader : readers(pipeline)) {
      String stream = reader.stream().substring(reader.stream().lastIndexOf('/') + 1);
      if (!after.containsKey(stream)) {
        problems.add(locations.error("spec.streams", "a stream in use cannot go: " + reader));
      } else {
        for (StreamUse.Lack lack : new StreamUse(reader.source()).lacks(after.get(stream))) {
          problems.add(
              locations.error(
                  "spec.streams." + stream,
                  "a stream in use cannot change so: " + reader + ": " + lack.message()));
        }
      }
    }
    return problems;
  }

  /** Returns what sources of {@code spec} want of others' streams and do not find there. */
  List<Problem> lacking(PipelineId pipeline, Spec spec, Locations locations) {
    Map<String, StreamVersion> published = published();
    List<Problem> problems = new ArrayList<>();
    for (Reader reader : readers(pipeline, spec)) {
      String path = "spec.sources." + reader.name() + ".";
      if (!published.containsKey(reader.stream())) {
        problems.add(
            locations.error(
                path + "stream",
                "nobody publishes this stream; apply its pipeline first."
                    + Nearest.hint(reader.stream(), published.keySet())));
      } else {
        new StreamUse(reader.source())
            .lacks(published.get(reader.stream()))
            .forEach(lack -> problems.add(locations.error(path + lack.option(), lack.message())));
      }
    }
    return problems;
  }

  /** Returns all streams there are, by {@code tenant/pipeline/stream}. */
  private Map<String, StreamVersion> published() {
    Map<String, StreamVersion> published = new TreeMap<>();
    for (Deployment deployment : deployments) {
      Optional<Plan> plan = plans.of(deployment);
      StreamVersions.of(deployment, plan)
          .forEach((name, stream) -> published.put(deployment.id() + "/" + name, stream));
    }
    return published;
  }
}
