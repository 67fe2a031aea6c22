package io.sagitta.node;

import io.sagitta.transport.ConnectionThreads;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarAccess;
import io.sagitta.transport.PulsarConnection;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection for each pipeline, under the pipeline's own token. Tokens are short-lived: each is
 * replaced well before it ends, and Pulsar's client shows the new one when the broker asks. All
 * connections share their threads.
 */
final class TokenConnections implements PipelineConnections {
  private static final Logger LOG = LoggerFactory.getLogger(TokenConnections.class);
  private static final long LOOK_SECONDS = 5;

  private final String serviceUrl;
  private final Path trust;
  private final long memoryBytes;
  private final TokenSource source;
  private final Clock clock;
  private final ConnectionThreads threads;
  private final Map<PipelineId, Open> open = new HashMap<>();
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tokens");
            thread.setDaemon(true);
            return thread;
          });

  private record Open(PulsarConnection connection, HeldToken token) {}

  /**
   * Creates none yet.
   *
   * @param trust the authorities that Pulsar's certificate may be of
   * @param memoryBytes bound on what waits in memory, for each connection
   * @param threads stay the caller's
   */
  TokenConnections(
      String serviceUrl,
      Path trust,
      long memoryBytes,
      TokenSource source,
      Clock clock,
      ConnectionThreads threads) {
    this.serviceUrl = serviceUrl;
    this.trust = trust;
    this.memoryBytes = memoryBytes;
    this.source = source;
    this.clock = clock;
    this.threads = threads;
    var unused =
        renewal.scheduleWithFixedDelay(
            this::renewAll, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public synchronized PulsarConnection of(PipelineId pipeline) {
    Open known = open.get(pipeline);
    if (known != null) {
      return known.connection();
    }
    HeldToken token = new HeldToken(pipeline, source, clock);
    // Now, so that the first connection need not wait for the next look; a failure is tried again.
    token.renewIfDue();
    PulsarConnection connection =
        PulsarConnection.open(
            serviceUrl, new PulsarAccess.Bearer(trust, token::text), memoryBytes, threads);
    open.put(pipeline, new Open(connection, token));
    return connection;
  }

  @Override
  public synchronized void release(PipelineId pipeline) {
    Open gone = open.remove(pipeline);
    if (gone != null) {
      gone.connection().close();
    }
  }

  private void renewAll() {
    try {
      for (HeldToken token : held()) {
        token.renewIfDue();
      }
    } catch (RuntimeException e) {
      // An exception would end all further looks.
      LOG.warn("Cannot renew tokens", e);
    }
  }

  private synchronized Iterable<HeldToken> held() {
    return open.values().stream().map(Open::token).toList();
  }

  @Override
  public synchronized void close() {
    renewal.shutdownNow();
    open.values().forEach(gone -> gone.connection().close());
    open.clear();
  }
}
