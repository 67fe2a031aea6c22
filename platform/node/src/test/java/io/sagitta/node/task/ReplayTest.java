package io.sagitta.node.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Progress;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReplayTest {

  /** Step n covers entries 10 n to 10 n + 9 and needs messages from {@code needs} on. */
  private static ExclusiveLog.Entry<StepRecord> step(long number, boolean closing, long needs) {
    return new ExclusiveLog.Entry<>(
        new Position(9, number),
        new StepRecord(
            number,
            closing,
            new Position(1, 10 * number),
            new Position(1, 10 * number + 9),
            new Position(1, needs),
            1,
            "engine",
            Map.of(),
            Map.of(),
            Progress.NONE,
            Map.of(),
            Optional.empty()));
  }

  private static List<Long> repeated(Replay replay) {
    List<Long> steps = new ArrayList<>();
    while (replay.next().isPresent()) {
      steps.add(replay.take().record().step());
    }
    return steps;
  }

  @Test
  void next_acknowledgedSteps_areLeftOut() {
    Replay replay =
        new Replay(
            List.of(step(1, false, 10), step(2, false, 20), step(3, false, 30)),
            new Position(1, 20));
    assertThat(repeated(replay)).containsExactly(2L, 3L);
  }

  @Test
  void next_allAcknowledged_keepsTheNewestRecord() {
    Replay replay = new Replay(List.of(step(1, false, 10), step(2, true, 29)), new Position(1, 30));
    assertThat(repeated(replay)).containsExactly(2L);
  }

  @Test
  void finished_neededMessageAcknowledged() {
    Replay replay = new Replay(List.of(step(2, false, 15)), new Position(1, 20));
    assertThat(replay.finished(step(2, false, 15).record())).isTrue();
    assertThat(replay.finished(step(3, false, 20).record())).isFalse();
  }

  @Test
  void finished_orderlyStopAfterIt() {
    Replay replay = new Replay(List.of(step(2, false, 20), step(3, true, 29)), new Position(1, 20));
    assertThat(replay.finished(step(2, false, 20).record())).isTrue();
  }

  @Test
  void skips_whatTheJournalKnowsToBeFinished() {
    Replay replay = new Replay(List.of(step(2, false, 20)), new Position(1, 12));
    assertThat(replay.skips(new Position(1, 19))).isTrue();
    assertThat(replay.skips(new Position(1, 20))).isFalse();
  }

  @Test
  void unfinishedRevision_isThatOfTheNewestRecordUnlessItCloses() {
    assertThat(Replay.unfinishedRevision(Optional.empty())).isEmpty();
    assertThat(Replay.unfinishedRevision(Optional.of(step(3, true, 29).record()))).isEmpty();
    assertThat(Replay.unfinishedRevision(Optional.of(step(2, false, 20).record()))).contains(1L);
  }

  @Test
  void next_noRecords_repeatsNothing() {
    Replay replay = new Replay(List.of(), new Position(1, 0));
    assertThat(replay.next()).isEmpty();
    assertThat(replay.skips(new Position(1, 0))).isFalse();
  }
}
