package io.sagitta.transport;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SizeUnit;

/**
 * A connection to Pulsar as one somebody; its producers and consumers share its threads and memory.
 * A process has one for itself, and a node one more for each pipeline.
 */
public final class PulsarConnection implements AutoCloseable {
  private final PulsarClient client;
  private final ConnectionThreads threads;
  private final boolean ownThreads;

  private PulsarConnection(PulsarClient client, ConnectionThreads threads, boolean ownThreads) {
    this.client = client;
    this.threads = threads;
    this.ownThreads = ownThreads;
  }

  /**
   * Connects lazily to {@code serviceUrl} on this machine, such as {@code pulsar://127.0.0.1:6650},
   * as nobody.
   *
   * @param memoryBytes bound on received messages that wait, over all consumers
   */
  public static PulsarConnection open(String serviceUrl, long memoryBytes) {
    return open(serviceUrl, PulsarAccess.OPEN, memoryBytes);
  }

  /**
   * Connects lazily to {@code serviceUrl}, such as {@code pulsar+ssl://broker:6651}, with threads
   * of its own.
   *
   * @param memoryBytes bound on received messages that wait, over all consumers
   * @throws TransportException if a proof or rows would cross a network in plain
   */
  public static PulsarConnection open(String serviceUrl, PulsarAccess access, long memoryBytes) {
    ConnectionThreads threads = new ConnectionThreads();
    try {
      return open(serviceUrl, access, memoryBytes, threads, true);
    } catch (TransportException e) {
      threads.close();
      throw e;
    }
  }

  /**
   * Connects lazily to {@code serviceUrl} with threads that other connections use too.
   *
   * @param memoryBytes bound on received messages that wait, over all consumers of this connection
   * @throws TransportException if a proof or rows would cross a network in plain
   */
  public static PulsarConnection open(
      String serviceUrl, PulsarAccess access, long memoryBytes, ConnectionThreads threads) {
    return open(serviceUrl, access, memoryBytes, threads, false);
  }

  private static PulsarConnection open(
      String serviceUrl,
      PulsarAccess access,
      long memoryBytes,
      ConnectionThreads threads,
      boolean ownThreads) {
    ClientAccess told = ClientAccess.of(access, serviceUrl);
    ClientBuilder builder =
        PulsarClient.builder()
            .loadConf(Map.of("autoCertRefreshSeconds", ClientAccess.REFRESH_SECONDS))
            .serviceUrl(serviceUrl)
            .sharedResources(threads.resources())
            .connectionsPerBroker(1)
            .operationTimeout(15, TimeUnit.SECONDS)
            .keepAliveInterval(5, TimeUnit.SECONDS)
            .startingBackoffInterval(50, TimeUnit.MILLISECONDS)
            .maxBackoffInterval(2, TimeUnit.SECONDS)
            .enableTlsHostnameVerification(true)
            .memoryLimit(memoryBytes, SizeUnit.BYTES);
    told.trust().ifPresent(file -> builder.tlsTrustCertsFilePath(file.toString()));
    told.proof().ifPresent(builder::authentication);
    try {
      return new PulsarConnection(builder.build(), threads, ownThreads);
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
    return threads.publishing();
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
    try {
      client.shutdown();
    } catch (PulsarClientException e) {
      throw new TransportException("Pulsar's client did not shut down: " + e.getMessage(), e);
    } finally {
      if (ownThreads) {
        threads.close();
      }
    }
  }
}
