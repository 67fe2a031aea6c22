package io.sagitta.transport;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.PulsarClientSharedResources;
import org.apache.pulsar.client.api.PulsarClientSharedResources.SharedResource;

/**
 * The threads, timers and resolved names of a process's connections to Pulsar: however many
 * pipelines it has a connection for, these stay the same. Close it after all of them.
 */
public final class ConnectionThreads implements AutoCloseable {
  private final PulsarClientSharedResources resources =
      PulsarClientSharedResources.builder()
          .configureEventLoop(threads -> threads.numberOfThreads(2))
          .configureThreadPool(SharedResource.ListenerExecutor, pool -> pool.numberOfThreads(1))
          .build();
  private final ExecutorService publishing = Executors.newFixedThreadPool(threads(), named());

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

  PulsarClientSharedResources resources() {
    return resources;
  }

  Executor publishing() {
    return publishing;
  }

  @Override
  public void close() {
    publishing.shutdownNow();
    try {
      resources.close();
    } catch (PulsarClientException e) {
      throw new TransportException("The threads to Pulsar did not end: " + e.getMessage(), e);
    }
  }
}
