package io.sagitta.node.task;

import io.sagitta.engine.TaskRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which snapshots of tables a task's runner has, and how it gets others: the first ones are
 * awaited; later ones are fetched beside the work and take their place between two steps. One
 * thread uses it.
 */
final class TableVersions {
  private static final Logger LOG = LoggerFactory.getLogger(TableVersions.class);
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final TaskSpec spec;
  private final TaskResources resources;
  private final Supplier<Map<String, String>> announced;
  private Map<String, String> used = Map.of();
  private Optional<Fetch> fetch = Optional.empty();
  private Instant notBefore = Instant.MIN;

  /** Snapshots that are to take the place of others. */
  private record Fetch(
      Map<String, String> hashes, CompletableFuture<Map<String, byte[]>> snapshots) {}

  /**
   * Creates one that has nothing yet.
   *
   * @param announced gives the content hash by table that control wants now
   */
  TableVersions(TaskSpec spec, TaskResources resources, Supplier<Map<String, String>> announced) {
    this.spec = spec;
    this.resources = resources;
    this.announced = announced;
  }

  /** Returns the content hash by table of what the runner has. */
  Map<String, String> used() {
    return used;
  }

  /**
   * Waits for the snapshots that a runner begins with.
   *
   * @param last the newest record of the journal; if it is of a step that may not be finished, its
   *     snapshots are the ones
   */
  Map<String, byte[]> first(Optional<StepRecord> last) {
    Map<String, String> wanted = announced.get();
    Set<String> names = wanted.keySet();
    used =
        last.filter(record -> !record.closing())
            .map(StepRecord::tables)
            .filter(recorded -> recorded.keySet().equals(names))
            .orElse(wanted);
    return fetch(used);
  }

  /** Waits until {@code runner} has the snapshots that a step was recorded with. */
  void become(TaskRunner runner, Map<String, String> recorded) {
    Map<String, String> others = others(recorded);
    if (!others.isEmpty()) {
      replace(runner, recorded, fetch(others));
    }
  }

  /** Gives {@code runner} the snapshots that control wants, if they are here; never waits. */
  void advance(TaskRunner runner) {
    if (fetch.isPresent() && fetch.get().snapshots().isDone()) {
      Fetch done = fetch.get();
      fetch = Optional.empty();
      try {
        replace(runner, done.hashes(), done.snapshots().join());
        LOG.info("Task {} has other tables: {}", spec.id(), used);
      } catch (RuntimeException e) {
        notBefore = resources.clock().instant().plus(RETRY);
        LOG.warn("Task {} keeps its tables, since others cannot be loaded", spec.id(), e);
      }
    }
    Map<String, String> wanted = announced.get();
    if (fetch.isEmpty() && !wanted.equals(used)) {
      begin(wanted);
    }
  }

  private void begin(Map<String, String> wanted) {
    Map<String, String> others = others(wanted);
    if (others.isEmpty() || resources.clock().instant().isBefore(notBefore)) {
      return;
    }
    CompletableFuture<Map<String, byte[]>> snapshots =
        CompletableFuture.supplyAsync(
            () -> fetch(others), work -> daemon(work, "tables-" + spec.id()).start());
    fetch = Optional.of(new Fetch(others, snapshots));
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Returns what of {@code wanted} the runner does not have. */
  private Map<String, String> others(Map<String, String> wanted) {
    Map<String, String> others = new HashMap<>(wanted);
    others.entrySet().removeAll(new HashSet<>(used.entrySet()));
    others.keySet().retainAll(used.keySet());
    return others;
  }

  private Map<String, byte[]> fetch(Map<String, String> hashes) {
    Map<String, byte[]> snapshots = new HashMap<>();
    hashes.forEach(
        (table, hash) ->
            snapshots.put(
                table,
                resources.tables().load(resources.pulsar(), spec.id().pipeline(), table, hash)));
    return snapshots;
  }

  private void replace(
      TaskRunner runner, Map<String, String> hashes, Map<String, byte[]> snapshots) {
    snapshots.forEach(
        (table, snapshot) -> {
          runner.replace(table, snapshot);
          // One by one: what a record names is what the runner has, wherever this fails.
          Map<String, String> now = new HashMap<>(used);
          now.put(table, hashes.getOrDefault(table, ""));
          used = Map.copyOf(now);
        });
  }
}
