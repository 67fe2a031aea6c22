package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.definition.Format;
import io.sagitta.definition.PulsarSink;
import io.sagitta.definition.Sink;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.policy.Access;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import java.util.HashMap;
import java.util.Map;

/**
 * A foreign topic that a task writes itself, like a stream: messages carry the step's number, and a
 * broker that drops repeated ones makes each row arrive once.
 *
 * @param topic the partition that takes all rows of the task, so that they keep their order
 * @param format how a message is written
 */
record ForeignSink(String topic, RowFormat format) {

  /**
   * Returns those of {@code spec}'s sinks that are foreign topics, by name.
   *
   * @throws ConnectorException if one is out of {@code reach}
   */
  static Map<String, ForeignSink> of(TaskSpec spec, Reach reach, PulsarConnection pulsar)
      throws ConnectorException {
    Map<String, ForeignSink> sinks = new HashMap<>();
    for (Map.Entry<String, Sink> sink : spec.sinks().entrySet()) {
      if (sink.getValue() instanceof PulsarSink foreign) {
        reach.topic(foreign.topic(), Access.WRITE);
        int partitions = pulsar.partitions(foreign.topic());
        String topic =
            partitions == 0
                ? foreign.topic()
                : Topics.partition(foreign.topic(), spec.id().partition() % partitions);
        RowFormat format = foreign.format() == Format.JSON ? RowFormat.JSON_LINES : RowFormat.ARROW;
        sinks.put(sink.getKey(), new ForeignSink(topic, format));
      }
    }
    return sinks;
  }

  /** Returns the task's name on {@code topic}: alone there, or among all tasks of all pipelines. */
  static String producerName(TaskId task, String topic) {
    boolean own = topic.startsWith("persistent://" + task.pipeline().namespace() + "/");
    return own ? "task." + task.local() : "sagitta." + task;
  }
}
