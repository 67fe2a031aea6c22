package io.sagitta.node.feed;

import io.sagitta.definition.Source;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Topics;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * One reader of one pull source.
 *
 * @param name the source's name
 * @param schema columns on the wire
 * @param partitions of the source's topic
 * @param part which of the source's feeders it is: there is one for each partition of a foreign
 *     topic, and one for anything else
 */
public record FeedSpec(
    PipelineId pipeline, String name, Source source, Schema schema, int partitions, int part) {

  /** Describes the first feeder of a source. */
  public FeedSpec(PipelineId pipeline, String name, Source source, Schema schema, int partitions) {
    this(pipeline, name, source, schema, partitions, 0);
  }

  /** Returns the same for the feeder {@code part}. */
  FeedSpec ofPart(int number) {
    return new FeedSpec(pipeline, name, source, schema, partitions, number);
  }

  /** Returns the topic of the logs; it has a partition for each feeder. */
  String logs() {
    return Topics.feed(pipeline, name);
  }

  String logTopic() {
    return Topics.partition(logs(), part);
  }

  /** Returns the name under which the broker knows what this feeder has published. */
  String producer() {
    return "feeder." + part;
  }

  String topic(int partition) {
    return Topics.partition(Topics.source(pipeline, name), partition);
  }

  @Override
  public String toString() {
    return pipeline + "/" + name + "/" + part;
  }
}
