package io.sagitta.node.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.transport.Position;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class StepQueueTest {
  private static final long ALL_COMMITTED = Long.MAX_VALUE;

  private final StepQueue steps = new StepQueue();

  /** Adds step {@code number} over two messages; nothing is needed behind it. */
  private Step add(long number) {
    return add(number, 2 * number);
  }

  private Step add(long number, long needsFrom) {
    return add(number, 2 * number - 2, needsFrom);
  }

  private Step add(long number, long needs, long needsFrom) {
    Step step =
        new Step(
            number,
            new Position(1, 2 * number - 1),
            needs,
            needsFrom,
            2 * number,
            new CompletableFuture<>(),
            new CompletableFuture<>());
    steps.add(step);
    return step;
  }

  private static void persist(Step step) {
    step.recorded().complete(new Position(9, step.number()));
    step.published().complete(null);
  }

  @Test
  void finish_unpublishedStep_acknowledgesNothing() {
    add(1).recorded().complete(new Position(9, 1));
    assertThat(steps.finish(ALL_COMMITTED)).isEmpty();
    assertThat(steps.unpublished()).isEqualTo(1);
  }

  @Test
  void finish_sinkBehind_acknowledgesNothing() {
    persist(add(1));
    assertThat(steps.finish(0)).isEmpty();
    assertThat(steps.finished()).isZero();
  }

  @Test
  void finish_onlyStep_keepsItsMessages() {
    persist(add(1));
    assertThat(steps.finish(ALL_COMMITTED)).contains(0L);
    assertThat(steps.allFinished()).isTrue();
  }

  @Test
  void finish_newerStepRecorded_acknowledgesOlder() {
    persist(add(1));
    add(2).recorded().complete(new Position(9, 2));
    assertThat(steps.finish(ALL_COMMITTED)).contains(2L);
  }

  @Test
  void finish_newerStepNotRecorded_keepsOlder() {
    persist(add(1));
    add(2);
    assertThat(steps.finish(ALL_COMMITTED)).contains(0L);
  }

  @Test
  void finish_openWindow_keepsItsMessages() {
    persist(add(1, 1));
    persist(add(2, 1));
    add(3).recorded().complete(new Position(9, 3));
    assertThat(steps.finish(ALL_COMMITTED)).contains(1L);
    assertThat(steps.finished()).isEqualTo(2);
  }

  @Test
  void finish_newestStepClosedAWindow_keepsTheWindowsMessages() {
    persist(add(1, 0, 0));
    persist(add(2, 0, 4));
    assertThat(steps.finish(ALL_COMMITTED)).contains(0L);
    persist(add(3, 4, 6));
    assertThat(steps.finish(ALL_COMMITTED)).contains(4L);
  }

  @Test
  void finish_outOfOrder_waitsForTheOlder() {
    add(1).recorded().complete(new Position(9, 1));
    persist(add(2));
    assertThat(steps.finish(ALL_COMMITTED)).isEmpty();
  }

  @Test
  void finish_failedOutput_throws() {
    Step step = add(1);
    step.recorded().complete(new Position(9, 1));
    step.published().completeExceptionally(new IllegalStateException("lost"));
    assertThatThrownBy(() -> steps.finish(ALL_COMMITTED)).isInstanceOf(CompletionException.class);
  }

  @Test
  void dropBelow_finishedSteps_keepsTheNewest() {
    persist(add(1));
    persist(add(2));
    assertThat(steps.finish(ALL_COMMITTED)).contains(2L);
    steps.dropBelow(4);
    assertThat(steps.oldestRecord()).contains(new Position(9, 2));
  }
}
