package io.sagitta.node.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class WorkerShareTest {
  private static final int STEPS = 6;

  private final AtomicReference<Optional<Double>> quota = new AtomicReference<>(Optional.of(0.5));
  private final WorkerShare share = new WorkerShare(quota::get, 4);
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicInteger waits = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  @Test
  void begin_beyondTheShare_waitsUntilAnotherEnds() throws Exception {
    List<Thread> steps = start();
    await(2);
    TimeUnit.MILLISECONDS.sleep(1_200);
    assertThat(share.busy()).isEqualTo(2);
    assertThat(waits).as("told to whoever watches for stalls").hasValueGreaterThan(STEPS);
    done.countDown();
    end(steps);
    assertThat(share.begun()).isEqualTo(STEPS);
  }

  @Test
  void begin_shareTakenAwayOrRaised_goesOnByItself() throws Exception {
    List<Thread> steps = start();
    await(2);
    quota.set(Optional.of(0.75));
    await(3);
    quota.set(Optional.empty());
    await(STEPS);
    done.countDown();
    end(steps);
  }

  @Test
  void begin_aShareOfLessThanAProcessor_isOne() throws Exception {
    quota.set(Optional.of(0.01));
    List<Thread> steps = start();
    await(1);
    done.countDown();
    end(steps);
  }

  @Test
  void begin_interrupted_takesNoTurn() throws Exception {
    quota.set(Optional.of(0.01));
    List<Thread> steps = start();
    await(1);
    steps.forEach(Thread::interrupt);
    done.countDown();
    end(steps);
    assertThat(failures).hasValueGreaterThanOrEqualTo(STEPS - 1);
  }

  private List<Thread> start() {
    List<Thread> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      Thread step = new Thread(this::step);
      step.start();
      steps.add(step);
    }
    return steps;
  }

  private void step() {
    try {
      share.begin(waits::incrementAndGet);
      try {
        done.await();
      } finally {
        share.end();
      }
    } catch (InterruptedException e) {
      failures.incrementAndGet();
    }
  }

  private void await(int busy) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (share.busy() != busy && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(share.busy()).isEqualTo(busy);
  }

  private void end(List<Thread> steps) throws InterruptedException {
    for (Thread step : steps) {
      step.join(20_000);
    }
    assertThat(share.busy()).isZero();
  }
}
