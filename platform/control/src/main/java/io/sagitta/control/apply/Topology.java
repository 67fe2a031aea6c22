package io.sagitta.control.apply;

import io.sagitta.definition.ErrorPolicy;
import io.sagitta.definition.Spec;
import io.sagitta.definition.Stream;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
   */
  record Topic(String name, int partitions, boolean held) {}

  static Topology of(PipelineId pipeline, Plan plan) {
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
