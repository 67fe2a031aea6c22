package io.sagitta.node.feed;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SourceConnector;
import io.sagitta.connectors.SourceReader;
import io.sagitta.definition.PulsarSource;
import io.sagitta.definition.Source;
import io.sagitta.policy.Access;
import io.sagitta.transport.ForeignTopicReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Opens readers of one partition of a stream or a foreign topic. It is not found on the class path,
 * since it needs the node's own connection.
 *
 * @param pipeline whose source it is
 * @param part the partition
 * @param chunkMessages messages of a chunk at most
 */
record TopicSourceConnector(
    PulsarConnection pulsar, PipelineId pipeline, int part, int chunkMessages)
    implements SourceConnector {

  @Override
  public boolean serves(Source source) {
    return source instanceof PulsarSource;
  }

  @Override
  public SourceReader open(
      String name,
      Source source,
      Reach reach,
      String position,
      Schema schema,
      BufferAllocator allocator)
      throws ConnectorException {
    PulsarSource topic = (PulsarSource) source;
    if (topic.topic().isPresent()) {
      reach.topic(topic.topic().get(), Access.READ);
    }
    if (topic.streamName().isPresent()) {
      reach.stream(topic.streamName().get());
    }
    TopicSpan span = TopicSpan.parse(position);
    try {
      ForeignTopicReader messages =
          ForeignTopicReader.open(
              pulsar,
              partition(topic(topic)),
              ForeignTopicReader.subscription(pipeline, name),
              span.after());
      return new TopicSourceReader(name, topic, messages, span, schema, chunkMessages, allocator);
    } catch (TransportException e) {
      throw new ConnectorException("Source '" + name + "': " + e.getMessage(), e);
    }
  }

  private String partition(String topic) {
    return pulsar.partitions(topic) == 0 ? topic : Topics.partition(topic, part);
  }

  private static String topic(PulsarSource source) {
    return source.streamName().map(Topics::stream).or(source::topic).orElseThrow();
  }
}
