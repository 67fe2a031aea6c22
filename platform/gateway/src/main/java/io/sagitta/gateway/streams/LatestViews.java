package io.sagitta.gateway.streams;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The latest rows of streams: loaded when first asked for, dropped when nobody asks. */
final class LatestViews implements Managed {
  private static final Duration KEEP = Duration.ofMinutes(5);

  private final Scans scans;
  private final BufferAllocator allocator;
  private final long viewBytes;
  private final Map<String, LatestView> views = new HashMap<>();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "view-sweeper");
            thread.setDaemon(true);
            return thread;
          });

  LatestViews(Scans scans, BufferAllocator allocator, long viewBytes) {
    this.scans = scans;
    this.allocator = allocator;
    this.viewBytes = viewBytes;
  }

  /** Copies rows out of the view of a stream; the copies are the caller's. */
  CompletableFuture<List<VectorSchemaRoot>> read(StreamRef stream, Filter filter, int limit) {
    String key = stream.id() + "@" + stream.pipeline().revision();
    LatestView view;
    synchronized (views) {
      view = views.computeIfAbsent(key, k -> new LatestView(stream, scans, allocator, viewBytes));
    }
    return view.read(filter, limit, allocator);
  }

  int count() {
    synchronized (views) {
      return views.size();
    }
  }

  @Override
  public void start() {
    var unused = sweeper.scheduleWithFixedDelay(() -> sweep(KEEP), 1, 1, TimeUnit.SECONDS);
  }

  private void sweep(Duration keep) {
    List<LatestView> idle = new ArrayList<>();
    synchronized (views) {
      views
          .values()
          .removeIf(
              view -> {
                boolean done = view.isIdle(view.hasFailed() ? Duration.ofSeconds(5) : keep);
                if (done) {
                  idle.add(view);
                }
                return done;
              });
    }
    idle.forEach(
        view -> {
          var unused = view.close();
        });
  }

  @Override
  public void stop() {
    sweeper.shutdownNow();
    List<LatestView> all;
    synchronized (views) {
      all = List.copyOf(views.values());
      views.clear();
    }
    CompletableFuture<?>[] closed =
        all.stream().map(LatestView::close).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(closed).completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
  }
}
