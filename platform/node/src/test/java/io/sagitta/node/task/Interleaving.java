package io.sagitta.node.task;

import io.sagitta.connectors.Reach;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/**
 * One seeded run of a pipeline: what comes in when, which task works when, in what steps, what
 * reaches the disk when, who dies when and where. Then nothing goes wrong any more, all that is
 * left comes in, and all tasks work until nothing happens.
 */
final class Interleaving {
  private static final PipelineId ID = new PipelineId("tests", "shape");
  private static final int MOST_ROUNDS = 60;
  private static final int TURNS = 12;

  private final WorkerShare workers = new WorkerShare(() -> Optional.of(1.0), 1);
  private final Shape shape;
  private final long seed;
  private final Chance chance;
  private final boolean late;
  private final boolean idle;
  private final Plan plan;
  private final Bench bench;
  private final HandClock clock = new HandClock();
  private final MemoryPulsar pulsar;
  private final List<Owner> owners = new ArrayList<>();
  private final List<Feed> feeds = new ArrayList<>();

  /** What all runs share. */
  record Bench(
      Map<String, Plan> plans,
      PulsarConnection unused,
      Engine engine,
      BufferAllocator allocator,
      TableLoader tables,
      Path spill) {}

  Interleaving(Shape shape, long seed, Bench bench) {
    this.shape = shape;
    this.seed = seed;
    this.bench = bench;
    this.chance = new Chance(seed + 31L * shape.name().hashCode());
    this.late = chance.oneIn(2);
    this.idle = late && chance.oneIn(2);
    int parallelism = 1 + chance.below(2);
    this.plan =
        bench
            .plans()
            .computeIfAbsent(
                shape + " " + parallelism + " " + idle, p -> shape.plan(parallelism, idle));
    this.pulsar = new MemoryPulsar(chance);
    int messageBytes = chance.of(List.of(1, 300, 1 << 20));
    // Little memory makes windows spill; a dedupe stage needs its own.
    long windowBytes = shape.hasDedupe() || chance.oneIn(2) ? 1 << 20 : 1;
    for (Chain chain : plan.chains()) {
      for (int partition = 0; partition < parallelism; partition++) {
        TaskSpec spec = spec(chain, partition);
        owners.add(new Owner(spec, pulsar, chance, resources(windowBytes), clock, messageBytes));
        if (chain.head() instanceof Chain.Head.OfSource) {
          Chance ofFeed = new Chance(seed + 1_000_003L * (feeds.size() + 1));
          feeds.add(new Feed(spec, pulsar.topic(spec.inputTopic()), feeds.size(), late, ofFeed));
        }
      }
    }
  }

  private TaskSpec spec(Chain chain, int partition) {
    Map<String, String> tables = shape == Shape.ENRICHED ? Map.of("rates", "1") : Map.of();
    return new TaskSpec(new TaskId(ID, chain.name(), partition), 1, plan, chain, Map.of(), tables);
  }

  private TaskResources resources(long windowBytes) {
    return new TaskResources(
        bench.unused(),
        tenant -> bench.engine(),
        bench.allocator(),
        List.of(),
        List.of(),
        bench.tables(),
        pipeline -> Reach.free(bench.spill()),
        tenant -> workers,
        "node",
        bench.spill(),
        () -> windowBytes,
        clock);
  }

  /** Returns what all tasks take their turns from: one at a time. */
  WorkerShare workers() {
    return workers;
  }

  Shape shape() {
    return shape;
  }

  long seed() {
    return seed;
  }

  /** Returns whether rows may be late. */
  boolean late() {
    return late;
  }

  /**
   * Returns whether the result depends on the input alone. Which row of a key is the first one
   * within a time, and what is late, depends on how messages of several tasks interleave.
   */
  boolean isTheSameUndisturbed() {
    return !late && !shape.hasDedupe();
  }

  Plan plan() {
    return plan;
  }

  List<Owner> owners() {
    return owners;
  }

  /** Returns the partition {@code topic}. */
  MemoryTopic topic(String topic) {
    return pulsar.topic(topic);
  }

  /** Runs to the end, or, without disturbance, from the beginning as its end runs. */
  void run(boolean isDisturbed) throws InterruptedException {
    try {
      if (isDisturbed) {
        disturbed();
      }
      chance.calm();
      rest();
    } finally {
      owners.forEach(Owner::end);
    }
  }

  private void disturbed() throws InterruptedException {
    int more = 12;
    while (more > 0) {
      Owner owner = chance.of(owners);
      int action = chance.below(20);
      if (action < 6) {
        more -= feed() ? 0 : 1;
      } else if (action < 15) {
        if (owner.isAtWork() || hasInput(owner)) {
          owner.work(1 + chance.below(6));
        }
      } else if (action < 17) {
        pulsar.trim();
      } else if (action < 19) {
        owner.drift();
      } else if (chance.oneIn(3)) {
        owner.stop();
      }
    }
  }

  private boolean hasInput(Owner owner) {
    return pulsar.topic(owner.spec().inputTopic()).hasUnacknowledged();
  }

  private boolean feed() {
    List<Feed> left = feeds.stream().filter(Feed::hasMore).toList();
    if (!left.isEmpty()) {
      chance.of(left).publish(bench.allocator());
    }
    return !left.isEmpty();
  }

  private void rest() throws InterruptedException {
    while (feed()) {
      // until all is in
    }
    if (!idle) {
      feeds.forEach(Feed::end);
    }
    if (chance.oneIn(2)) {
      for (Owner owner : owners) {
        owner.stop();
      }
    }
    // Idleness is told after a while, and once more if it was told too late.
    int quiet = 0;
    for (int round = 0; quiet < (idle ? 4 : 1); round++) {
      if (round == MOST_ROUNDS) {
        throw new AssertionError("It does not come to rest");
      }
      long before = pulsar.written();
      for (Owner owner : owners) {
        if (idle || owner.isAtWork() || hasInput(owner)) {
          owner.work(TURNS);
          owner.settle();
        }
      }
      pulsar.trim();
      quiet = pulsar.written() == before ? quiet + 1 : 0;
    }
  }

  @Override
  public String toString() {
    return "%s, seed %d (%d crashes, %d takeovers%s%s)"
        .formatted(
            shape,
            seed,
            chance.crashes(),
            owners.stream().mapToInt(Owner::takeovers).sum(),
            late ? ", late rows" : "",
            idle ? ", idle sources" : "");
  }
}
