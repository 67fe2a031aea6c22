package io.sagitta.control.apply;

import io.sagitta.definition.ErrorPolicy;
import io.sagitta.definition.HttpSource;
import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.definition.Stream;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The topics that a pipeline needs.
 *
 * @param retain for how long messages can be read again after tasks have acknowledged them
 */
record Topology(List<Topic> topics, Duration retain) {
  Topology {
    topics = List.copyOf(topics);
  }

  /**
   * One partitioned topic.
   *
   * @param held whether messages stay until a task acknowledges them, also before there is one
   * @param grows whether it may get more partitions than it has
   */
  record Topic(String name, int partitions, boolean held, boolean grows) {
    Topic(String name, int partitions, boolean held) {
      this(name, partitions, held, false);
    }
  }

  /**
   * Returns the topics of {@code plan}.
   *
   * @param feeders tells how many feeders read a pull source
   */
  static Topology of(PipelineId pipeline, Plan plan, ToIntFunction<Source> feeders) {
    Spec spec = plan.definition().spec();
    int partitions = spec.parallelism();
    List<Topic> topics = new ArrayList<>();
    for (Chain chain : plan.chains()) {
      String input =
          chain.head() instanceof Chain.Head.OfSource
              ? Topics.source(pipeline, chain.name())
              : Topics.exchange(pipeline, chain.name());
      topics.add(new Topic(input, partitions, true));
      topics.add(new Topic(Topics.journal(pipeline, chain.name()), partitions, true));
    }
    spec.sources()
        .forEach(
            (name, source) -> {
              if (!(source instanceof HttpSource)) {
                topics.add(
                    new Topic(Topics.feed(pipeline, name), feeders.applyAsInt(source), true, true));
              }
            });
    for (String stream : spec.streams().keySet()) {
      topics.add(new Topic(Topics.stream(pipeline, stream), partitions, false));
    }
    for (String table : spec.tables().keySet()) {
      // Held for ever: a revision may need a snapshot however old it is.
      topics.add(new Topic(Topics.table(pipeline, table), 1, true));
    }
    topics.add(new Topic(Topics.quarantine(pipeline), 1, false));
    return new Topology(topics, retain(spec));
  }

  private static Duration retain(Spec spec) {
    ErrorPolicy errors = spec.errors();
    return spec.streams().values().stream()
        .map(Stream::retain)
        .reduce(errors.retainQuarantine(), (a, b) -> a.compareTo(b) >= 0 ? a : b);
  }
}
