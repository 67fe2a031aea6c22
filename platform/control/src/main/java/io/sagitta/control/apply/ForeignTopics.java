package io.sagitta.control.apply;

import io.sagitta.connectors.SinkConnector.Guarantee;
import io.sagitta.definition.Locations;
import io.sagitta.definition.Problem;
import io.sagitta.definition.PulsarSink;
import io.sagitta.definition.PulsarSource;
import io.sagitta.definition.Sink;
import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.transport.ForeignTopicReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Topics outside a pipeline's own namespace that it reads or writes. */
final class ForeignTopics {
  private final Provisioner provisioner;

  ForeignTopics(Provisioner provisioner) {
    this.provisioner = provisioner;
  }

  /** Returns what lacks before sources can be read and sinks written. */
  List<Problem> problems(Spec spec, Locations locations) {
    List<Problem> problems = new ArrayList<>();
    spec.sources()
        .forEach(
            (name, source) -> {
              if (source instanceof PulsarSource pulsar
                  && pulsar.topic().isPresent()
                  && provisioner.partitions(pulsar.topic().get()).isEmpty()) {
                problems.add(
                    locations.error(
                        "spec.sources." + name + ".topic",
                        "there is no such topic. Correct its name, or create it first"));
              }
            });
    spec.sinks()
        .forEach(
            (name, sink) -> {
              if (sink instanceof PulsarSink pulsar
                  && !provisioner.hasNamespace(namespace(pulsar.topic()))) {
                problems.add(
                    locations.error(
                        "spec.sinks." + name + ".topic",
                        "there is no namespace "
                            + namespace(pulsar.topic())
                            + ". Correct its name, or create it first; the topic itself is created"
                            + " if need be"));
              }
            });
    return problems;
  }

  /** Returns how many feeders read {@code source}: one for each partition of what it reads. */
  int feeders(Source source) {
    return topic(source).map(t -> Math.max(1, provisioner.partitions(t).orElse(1))).orElse(1);
  }

  /** Creates the topics of sinks that are not there, without partitions. */
  void createSinks(Spec spec) {
    for (Sink sink : spec.sinks().values()) {
      if (sink instanceof PulsarSink pulsar && provisioner.partitions(pulsar.topic()).isEmpty()) {
        provisioner.ensurePlainTopic(pulsar.topic());
      }
    }
  }

  /** Lets others' topics delete what was kept for this pipeline. */
  void release(PipelineId pipeline, Spec spec) {
    spec.sources()
        .forEach(
            (name, source) ->
                topic(source)
                    .ifPresent(
                        t ->
                            provisioner.deleteSubscription(
                                t, ForeignTopicReader.subscription(pipeline, name))));
  }

  /** Returns what {@code sink} promises: the broker drops repeated messages only if asked to. */
  Guarantee guarantee(PulsarSink sink) {
    return provisioner.deduplicates(namespace(sink.topic()))
        ? Guarantee.EFFECTIVELY_ONCE
        : Guarantee.AT_LEAST_ONCE;
  }

  private static Optional<String> topic(Source source) {
    return source instanceof PulsarSource pulsar
        ? pulsar.streamName().map(Topics::stream).or(pulsar::topic)
        : Optional.empty();
  }

  private static String namespace(String topic) {
    return topic.substring(topic.indexOf("://") + 3, topic.lastIndexOf('/'));
  }
}
