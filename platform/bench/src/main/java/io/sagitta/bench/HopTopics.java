package io.sagitta.bench;

import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Topics of one hop on a broker: filled before, read back after, deleted at the end. */
final class HopTopics implements AutoCloseable {
  private static final int WAIT_MILLIS = 30_000;

  private final PulsarConnection connection;
  private final Provisioner provisioner;
  private final PipelineId id;

  /**
   * A message.
   *
   * @param payload on the heap
   */
  record Carried(Header header, ByteBuffer payload) {}

  HopTopics(LocalPulsar pulsar, PulsarConnection connection, PipelineId id, boolean deduplicate)
      throws IOException, InterruptedException {
    this.connection = connection;
    this.provisioner = Provisioner.open(pulsar.adminUrl().toString());
    this.id = id;
    provisioner.ensurePipeline(id, Duration.ofMinutes(10));
    if (!deduplicate) {
      withoutDeduplication(pulsar);
    }
    provisioner.ensureTopic(Topics.source(id, Pipeline.SOURCE), 1);
    provisioner.ensureSubscription(Topics.source(id, Pipeline.SOURCE));
    provisioner.ensureTopic(Topics.journal(id, Pipeline.SOURCE), 1);
    provisioner.ensureSubscription(Topics.journal(id, Pipeline.SOURCE));
    provisioner.ensureTopic(Topics.stream(id, "delayed"), 1);
    provisioner.ensureTopic(Topics.quarantine(id), 1);
  }

  private void withoutDeduplication(LocalPulsar pulsar) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                pulsar.adminUrl().resolve("/admin/v2/namespaces/" + id + "/deduplication"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("false"))
            .build();
    int status =
        HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.discarding())
            .statusCode();
    if (status >= 300) {
      throw new IOException("Deduplication cannot be turned off: " + status);
    }
  }

  PipelineId id() {
    return id;
  }

  /** The partition that is read. */
  String in() {
    return Topics.partition(Topics.source(id, Pipeline.SOURCE), 0);
  }

  /** The partition that is written. */
  String out() {
    return Topics.partition(Topics.stream(id, "delayed"), 0);
  }

  /** Publishes what shall be read, and waits until Pulsar has it. */
  void fill(List<Carried> messages) {
    try (PartitionProducer producer =
        PartitionProducer.open(
            connection, in(), Optional.empty(), PartitionProducer.Access.SHARED)) {
      List<CompletableFuture<?>> sent = new ArrayList<>();
      for (Carried message : messages) {
        sent.add(producer.send(message.header(), message.payload().duplicate()));
        if (sent.size() >= 16) {
          sent.remove(0).join();
        }
      }
      sent.forEach(CompletableFuture::join);
    }
  }

  /** Returns what has been written. */
  List<Carried> written() throws InterruptedException {
    List<Carried> messages = new ArrayList<>();
    try (PartitionReader reader =
        PartitionReader.open(connection, out(), new PartitionReader.Start.Earliest())) {
      while (reader.hasNext()) {
        try (Received message = reader.next(WAIT_MILLIS).orElseThrow()) {
          ByteBuffer copy = ByteBuffer.allocate(message.payload().remaining());
          copy.put(message.payload()).flip();
          messages.add(new Carried(message.header(), copy));
        }
      }
    }
    return messages;
  }

  @Override
  public void close() {
    provisioner.deletePipeline(id);
    provisioner.close();
  }
}
