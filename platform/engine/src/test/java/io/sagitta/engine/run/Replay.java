package io.sagitta.engine.run;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Progress;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.TaskRunner;
import io.sagitta.engine.run.TaskRig.Made;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Drives one chain through histories, and through crashes. */
final class Replay implements AutoCloseable {
  private final Plan plan;
  private final Chain chain;
  private final Set<String> upstreams;
  private final Engine.Limits limits;
  private final BufferAllocator allocator = new RootAllocator();
  private final Engine engine = new DuckEngine(512L << 20);

  /**
   * What a whole run made, step by step.
   *
   * @param before progress of the upstream tasks before each step: what the journal holds
   */
  record Run(List<Made> made, List<Map<String, Progress>> before) {}

  Replay(Plan plan, String chain, Set<String> upstreams, long windowBytes, Path spill) {
    this.plan = plan;
    this.chain = plan.chain(chain).orElseThrow();
    this.upstreams = upstreams;
    this.limits = new Engine.Limits(windowBytes, spill, 1_000);
  }

  /** Runs all of {@code history}. */
  Run run(History history) {
    List<Made> made = new ArrayList<>();
    List<Map<String, Progress>> before = new ArrayList<>();
    try (TaskRunner runner = open()) {
      for (List<History.Message> step : history.steps()) {
        before.add(runner.upstreams());
        made.add(step(runner, step, Long.MIN_VALUE));
      }
    }
    return new Run(made, before);
  }

  /**
   * Runs what a new owner runs if the old one finished step {@code finished} and no more.
   *
   * @return what it made of the steps behind it
   */
  List<Made> afterCrash(History history, Run run, int finished) {
    long needed = run.made().get(finished).oldestNeeded();
    int first = 0;
    while (first <= finished && last(history.steps().get(first)) < needed) {
      first++;
    }
    List<Made> made = new ArrayList<>();
    try (TaskRunner runner = open()) {
      runner.restore(run.before().get(first));
      for (int s = first; s < history.steps().size(); s++) {
        Made again = step(runner, history.steps().get(s), needed);
        if (s > finished) {
          made.add(again);
        }
      }
    }
    return made;
  }

  private static long last(List<History.Message> step) {
    return step.get(step.size() - 1).ordinal();
  }

  private Made step(TaskRunner runner, List<History.Message> step, long needed) {
    List<Arrival> arrivals = new ArrayList<>();
    for (History.Message message : step) {
      if (message.ordinal() >= needed || needed == Long.MAX_VALUE) {
        arrivals.add(message.arrival(plan, allocator));
      }
    }
    try (StepResult result = runner.step(arrivals)) {
      return TaskRig.made(result);
    }
  }

  private TaskRunner open() {
    return engine.open(plan, chain, chain.name() + "/0", upstreams, Map.of(), allocator, limits);
  }

  @Override
  public void close() {
    engine.close();
    allocator.close();
  }
}
