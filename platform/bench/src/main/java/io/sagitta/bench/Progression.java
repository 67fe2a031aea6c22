package io.sagitta.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * How something proceeds, looked at every few milliseconds together with the CPU time of the broker
 * and of this process, so that its start and end can be told afterwards.
 */
final class Progression implements AutoCloseable {
  private static final int EVERY_MILLIS = 5;

  private final long brokerPid;
  private final Supplier<State> state;
  private final List<Mark> marks = new ArrayList<>();
  private final Thread thread = new Thread(this::look, "bench-progression");
  private volatile boolean closed;

  /**
   * How far it has come.
   *
   * @param rows rows taken
   * @param finished something that grows while work is being finished
   */
  record State(long rows, long finished) {}

  private record Mark(long nanos, State state, double ownCpu, double brokerCpu) {}

  /**
   * What a stretch took.
   *
   * @param ownCpuSeconds CPU time of this process
   * @param brokerCpuSeconds CPU time of the broker
   */
  record Cost(long rows, double seconds, double ownCpuSeconds, double brokerCpuSeconds) {

    double rowsPerSecond() {
      return rows / seconds;
    }

    double ownPerMillion() {
      return ownCpuSeconds / rows * 1e6;
    }

    double brokerPerMillion() {
      return brokerCpuSeconds / rows * 1e6;
    }
  }

  private Progression(long brokerPid, Supplier<State> state) {
    this.brokerPid = brokerPid;
    this.state = state;
  }

  /** Starts to look. */
  static Progression of(long brokerPid, Supplier<State> state) {
    Progression progression = new Progression(brokerPid, state);
    progression.thread.start();
    return progression;
  }

  private void look() {
    long self = ProcessHandle.current().pid();
    try {
      while (!closed) {
        marks.add(
            new Mark(
                System.nanoTime(),
                state.get(),
                ProcessUse.cpuSeconds(self),
                ProcessUse.cpuSeconds(brokerPid)));
        Thread.sleep(EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Stops looking; returns the cost from when the first {@code warm} rows had been taken to when
   * all was finished.
   */
  Cost costAfter(long warm) throws InterruptedException {
    close();
    thread.join();
    Mark start = first(m -> m.state().rows() >= warm);
    State last = marks.get(marks.size() - 1).state();
    Mark end = first(m -> m.state().equals(last));
    return new Cost(
        end.state().rows() - start.state().rows(),
        (end.nanos() - start.nanos()) / 1e9,
        end.ownCpu() - start.ownCpu(),
        end.brokerCpu() - start.brokerCpu());
  }

  private Mark first(java.util.function.Predicate<Mark> wanted) {
    return marks.stream().filter(wanted).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    closed = true;
  }
}
