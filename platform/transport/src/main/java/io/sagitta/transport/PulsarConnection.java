package io.sagitta.transport;

import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SizeUnit;

/** One process's connection to Pulsar; producers and consumers share its threads and memory. */
public final class PulsarConnection implements AutoCloseable {
  private final PulsarClient client;
  private final ExecutorService publishing = Executors.newFixedThreadPool(threads(), named());

  private PulsarConnection(PulsarClient client) {
    this.client = client;
  }

  private static int threads() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  private static ThreadFactory named() {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "publish-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Connects lazily to {@code serviceUrl}, such as {@code pulsar://127.0.0.1:6650}.
   *
   * @param memoryBytes bound on received messages that wait, over all consumers
   */
  public static PulsarConnection open(String serviceUrl, long memoryBytes) {
    try {
      return new PulsarConnection(
          PulsarClient.builder()
              .serviceUrl(serviceUrl)
              .ioThreads(2)
              .listenerThreads(1)
              .connectionsPerBroker(1)
              .operationTimeout(15, TimeUnit.SECONDS)
              .keepAliveInterval(5, TimeUnit.SECONDS)
              .startingBackoffInterval(50, TimeUnit.MILLISECONDS)
              .maxBackoffInterval(2, TimeUnit.SECONDS)
              .memoryLimit(memoryBytes, SizeUnit.BYTES)
              .build());
    } catch (PulsarClientException e) {
      throw new TransportException("Cannot use " + serviceUrl + ": " + e.getMessage(), e);
    }
  }

  PulsarClient client() {
    return client;
  }

  /**
   * Returns threads to publish on: the caller of {@link PartitionProducer#send} compresses the
   * message, which neither Pulsar's own threads nor one that computes should wait for.
   */
  public Executor publishing() {
    return publishing;
  }

  /** Returns how many partitions {@code topic} has; 0 if it is not partitioned or not there. */
  public int partitions(String topic) {
    int count = 0;
    try {
      for (String partition : client.getPartitionsForTopic(topic, false).join()) {
        if (partition.contains("-partition-")) {
          count++;
        }
      }
      return count;
    } catch (CompletionException e) {
      if (e.getCause() instanceof PulsarClientException.NotFoundException
          || e.getCause() instanceof PulsarClientException.TopicDoesNotExistException) {
        return 0;
      }
      throw new TransportException("Cannot look up " + topic + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    publishing.shutdownNow();
    try {
      client.shutdown();
    } catch (PulsarClientException e) {
      throw new TransportException("Pulsar's client did not shut down: " + e.getMessage(), e);
    }
  }
}
