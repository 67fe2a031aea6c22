package io.sagitta.control.apply;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.connectors.ConnectorException;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.desired.Watch;
import io.sagitta.control.events.EventTail;
import io.sagitta.definition.JdbcTable;
import io.sagitta.definition.Table;
import io.sagitta.engine.Plan;
import io.sagitta.service.Metrics;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tables of running pipelines anew, each as often as its {@code refresh} says; only the
 * control that writes desired state does. What cannot be taken stays as it is: nothing waits for
 * it.
 */
public final class TableRefresh implements Managed {
  private static final Logger LOG = LoggerFactory.getLogger(TableRefresh.class);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int AT_ONCE = 4;

  private final DesiredState desired;
  private final Plans plans;
  private final Applier applier;
  private final EventTail events;
  private final Tables tables;
  private final Metrics.Counter taken;
  private final Clock clock;
  private final Map<Key, Turn> turns = new ConcurrentHashMap<>();
  private final Watch watch = new Watch("table-refresh", LOOK, this::lookForDue);
  private final ExecutorService takers =
      Executors.newFixedThreadPool(
          AT_ONCE,
          work -> {
            Thread thread = new Thread(work, "table-taker");
            thread.setDaemon(true);
            return thread;
          });

  private record Key(PipelineId pipeline, long revision, String table) {}

  /** When a table was begun to be taken, and how that went. */
  private record Turn(Instant at, boolean underWay, boolean failed) {}

  /** Creates one; all parts stay the caller's. {@link #start} begins. */
  public TableRefresh(
      DesiredState desired,
      Plans plans,
      Applier applier,
      EventTail events,
      Metrics metrics,
      Granted granted,
      BufferAllocator allocator,
      Clock clock) {
    this.desired = desired;
    this.plans = plans;
    this.applier = applier;
    this.events = events;
    this.tables = new Tables(granted::reach, allocator);
    this.clock = clock;
    this.taken =
        metrics.counter(
            "sagitta_control_table_refreshes_total",
            "How often tables were taken anew, by what came of it.",
            "pipeline",
            "table",
            "outcome");
  }

  @Override
  public void start() {
    watch.start();
  }

  private void lookForDue() {
    if (!desired.writes()) {
      return;
    }
    Set<Key> there = new HashSet<>();
    for (Deployment deployment : desired.all()) {
      if (deployment.desired() == Deployment.Desired.RUNNING) {
        refreshed(deployment)
            .forEach(
                (name, table) -> {
                  Key key = new Key(deployment.id(), deployment.revision(), name);
                  there.add(key);
                  if (due(key, deployment, table)) {
                    begin(key, deployment, table);
                  }
                });
      }
    }
    turns.keySet().retainAll(there);
  }

  private Map<String, JdbcTable> refreshed(Deployment deployment) {
    Map<String, JdbcTable> refreshed = new HashMap<>();
    Map<String, Table> all =
        plans.of(deployment).map(Plan::definition).map(d -> d.spec().tables()).orElse(Map.of());
    all.forEach(
        (name, table) -> {
          if (table instanceof JdbcTable jdbc && jdbc.refresh().isPresent()) {
            refreshed.put(name, jdbc);
          }
        });
    return refreshed;
  }

  private boolean due(Key key, Deployment deployment, JdbcTable table) {
    Optional<Turn> last = Optional.ofNullable(turns.get(key));
    // A control that comes to write does not know when the one before it took the table.
    Instant since = last.map(Turn::at).orElseGet(() -> Instant.parse(deployment.appliedAt()));
    return !last.map(Turn::underWay).orElse(false)
        && !clock.instant().isBefore(since.plus(table.refresh().orElseThrow()));
  }

  private void begin(Key key, Deployment deployment, JdbcTable table) {
    boolean failedBefore = Optional.ofNullable(turns.get(key)).map(Turn::failed).orElse(false);
    Instant now = clock.instant();
    turns.put(key, new Turn(now, true, failedBefore));
    takers.execute(
        () -> {
          boolean failed = take(key, deployment, table, failedBefore);
          turns.put(key, new Turn(now, false, failed));
        });
  }

  /** Takes one table; returns whether that failed. */
  private boolean take(Key key, Deployment deployment, JdbcTable table, boolean failedBefore) {
    try {
      boolean other =
          applier.replaceTable(deployment, key.table(), tables.load(key.pipeline(), table));
      count(key, other ? "changed" : "same");
      if (other || failedBefore) {
        events.say(
            key.pipeline(),
            "table '%s' was taken anew: %s"
                .formatted(key.table(), other ? "it has changed" : "it is the same as before"));
      }
      return false;
    } catch (ConnectorException | RuntimeException e) {
      count(key, "failed");
      if (!failedBefore) {
        events.say(
            key.pipeline(),
            "table '%s' cannot be taken anew, so tasks go on with the one they have: %s"
                .formatted(key.table(), e.getMessage()));
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failedBefore;
    }
  }

  private void count(Key key, String outcome) {
    taken.add(1, key.pipeline().toString(), key.table(), outcome);
  }

  @Override
  public void stop() throws InterruptedException {
    takers.shutdownNow();
    watch.close();
    if (!takers.awaitTermination(5, TimeUnit.SECONDS)) {
      LOG.warn("A database does not let go of a table that is being taken");
    }
  }
}
