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
 */
public record FeedSpec(
    PipelineId pipeline, String name, Source source, Schema schema, int partitions) {

  String logTopic() {
    return Topics.partition(Topics.feed(pipeline, name), 0);
  }

  String topic(int partition) {
    return Topics.partition(Topics.source(pipeline, name), partition);
  }

  @Override
  public String toString() {
    return pipeline + "/" + name;
  }
}
