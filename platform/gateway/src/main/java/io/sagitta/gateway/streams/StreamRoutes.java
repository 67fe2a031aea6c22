package io.sagitta.gateway.streams;

import io.dropwizard.core.setup.Environment;
import io.sagitta.gateway.catalog.Catalog;
import io.sagitta.service.Metrics;
import io.sagitta.service.Shares;
import io.sagitta.service.access.Doors;
import io.sagitta.transport.PulsarConnection;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.apache.arrow.memory.BufferAllocator;
import org.eclipse.jetty.ee10.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.util.component.LifeCycle;

/** Puts reading of streams together. */
public final class StreamRoutes {
  private static final int THREADS = 8;
  private static final long MAX_MESSAGE_FROM_CLIENT_BYTES = 1024;

  private StreamRoutes() {}

  /**
   * Registers the routes below {@code /v1/streams}.
   *
   * @param allocator where rows live on their way out; stays the caller's
   */
  public static void register(
      Environment environment,
      Metrics metrics,
      StreamSettings settings,
      Catalog catalog,
      PulsarConnection connection,
      BufferAllocator allocator,
      Doors doors) {
    ExecutorService executor =
        environment
            .lifecycle()
            .executorService("streams-%d")
            .minThreads(THREADS)
            .maxThreads(THREADS)
            .build();
    Shares readers = new Shares(settings.getMaxReaders(), (settings.getMaxReaders() + 1) / 2);
    Scans scans = new Scans(connection, allocator, executor, readers);
    environment.lifecycle().manage(scans);
    environment.lifecycle().addEventListener(new Hurry(scans));
    LatestViews views = new LatestViews(scans, allocator, settings.getViewMemory().toBytes());
    environment.lifecycle().manage(views);
    StreamMetrics counts = new StreamMetrics(metrics, scans, views);
    catalog.whenGone(counts::forget);
    environment.jersey().register(new StreamResource(catalog, scans, views, counts));
    JettyWebSocketServletContainerInitializer.configure(
        environment.getApplicationContext(),
        (context, container) -> {
          container.setIdleTimeout(Duration.ofSeconds(60));
          container.setMaxTextMessageSize(MAX_MESSAGE_FROM_CLIENT_BYTES);
          container.setMaxBinaryMessageSize(MAX_MESSAGE_FROM_CLIENT_BYTES);
        });
    doors.filter(SocketFilter.ROUTE, new SocketFilter(catalog, scans, counts), "/v1/streams/*");
  }

  /** Ends long polls before the server starts to wait for requests under way. */
  private record Hurry(Scans scans) implements LifeCycle.Listener {
    @Override
    public void lifeCycleStopping(LifeCycle server) {
      scans.hurry();
    }
  }
}
