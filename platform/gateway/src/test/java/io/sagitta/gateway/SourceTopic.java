package io.sagitta.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowEncoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** What is in a source's topic, for tests to look at. */
final class SourceTopic {
  private SourceTopic() {}

  /**
   * A message.
   *
   * @param rows as JSON objects
   */
  record Message(int partition, Header header, List<String> rows, int bytes) {}

  /** Reads all messages, partition by partition. */
  static List<Message> read(
      PulsarConnection connection, PipelineId pipeline, String source, int partitions)
      throws Exception {
    List<Message> messages = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      String topic = Topics.partition(Topics.source(pipeline, source), p);
      try (PartitionReader reader =
              PartitionReader.open(connection, topic, new PartitionReader.Start.Earliest());
          BufferAllocator allocator = new RootAllocator()) {
        while (reader.hasNext()) {
          try (Received received = reader.next(10_000).orElseThrow()) {
            messages.add(message(p, received, allocator));
          }
        }
      }
    }
    return messages;
  }

  private static Message message(int partition, Received received, BufferAllocator allocator) {
    int bytes = received.payload().remaining();
    if (received.header().kind() == Header.Kind.SIGNAL) {
      return new Message(partition, received.header(), List.of(), bytes);
    }
    try (VectorSchemaRoot root = IpcCodec.decode(received.payload(), allocator)) {
      String lines = new String(RowEncoder.encode(root, RowFormat.JSON_LINES), UTF_8);
      return new Message(
          partition,
          received.header(),
          lines.isEmpty() ? List.of() : lines.lines().toList(),
          bytes);
    }
  }

  /** Returns the rows of messages of one kind. */
  static List<String> rows(List<Message> messages, Header.Kind kind) {
    return messages.stream()
        .filter(m -> m.header().kind() == kind)
        .flatMap(m -> m.rows().stream())
        .toList();
  }
}
