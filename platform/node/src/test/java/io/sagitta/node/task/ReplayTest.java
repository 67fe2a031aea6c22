package io.sagitta.node.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Progress;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReplayTest {

  /** Step n covers entries 10 n to 10 n + 9 and needs messages from {@code needs} on. */
  private static ExclusiveLog.Entry<StepRecord> step(long number, boolean closing, long needs) {
    return step(number, closing, needs, 0);
  }

  private static ExclusiveLog.Entry<StepRecord> step(
      long number, boolean closing, long needs, long finished) {
    return new ExclusiveLog.Entry<>(
        new Position(9, number),
        new StepRecord(
            number,
            closing,
            new Position(1, 10 * number),
            new Position(1, 10 * number + 9),
            new Position(1, needs),
            finished,
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

  private static PartitionReader.Start at(long entry) {
    return new PartitionReader.Start.At(new Position(1, entry));
  }

  @Test
  void start_noRecords_isTheOldestMessage() {
    assertThat(Replay.start(List.of())).isEqualTo(new PartitionReader.Start.Earliest());
  }

  @Test
  void start_isTheStepThatTheOldestUnfinishedOneNeeds() {
    List<ExclusiveLog.Entry<StepRecord>> recorded =
        List.of(step(1, false, 10, 0), step(2, false, 20, 1), step(3, false, 25, 1));
    assertThat(Replay.start(recorded)).isEqualTo(at(20));
    assertThat(Replay.start(recorded.subList(0, 2))).isEqualTo(at(20));
    assertThat(Replay.start(recorded.subList(0, 1))).isEqualTo(at(10));
  }

  @Test
  void start_openWindow_isTheStepThatItBeganIn() {
    List<ExclusiveLog.Entry<StepRecord>> recorded =
        List.of(step(1, false, 10, 0), step(2, false, 17, 1), step(3, false, 17, 2));
    assertThat(Replay.start(recorded)).isEqualTo(at(10));
    assertThat(repeated(new Replay(recorded, new Position(1, 10)))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void start_afterAnOrderlyStop_isBehindItUnlessWindowsAreOpen() {
    List<ExclusiveLog.Entry<StepRecord>> none = List.of(step(2, false, 20), step(3, true, 40));
    assertThat(Replay.start(none)).isEqualTo(new PartitionReader.Start.After(new Position(1, 39)));
    assertThat(repeated(new Replay(none, new Position(1, 40)))).containsExactly(3L);
    List<ExclusiveLog.Entry<StepRecord>> open =
        List.of(step(1, false, 10), step(2, false, 20), step(3, true, 25));
    assertThat(Replay.start(open)).isEqualTo(at(20));
    assertThat(repeated(new Replay(open, new Position(1, 20)))).containsExactly(2L, 3L);
  }

  @Test
  void next_stepsWhoseMessagesAreGone_areLeftOut() {
    Replay replay =
        new Replay(
            List.of(step(1, false, 10), step(2, false, 20), step(3, false, 30)),
            new Position(1, 20));
    assertThat(repeated(replay)).containsExactly(2L, 3L);
  }

  @Test
  void next_allGone_keepsTheNewestRecord() {
    Replay replay = new Replay(List.of(step(1, false, 10), step(2, true, 15)), new Position(1, 30));
    assertThat(repeated(replay)).containsExactly(2L);
  }

  @Test
  void finished_neededMessageGone() {
    Replay replay = new Replay(List.of(step(2, false, 15)), new Position(1, 22));
    assertThat(replay.finished(step(2, false, 15).record())).isTrue();
    assertThat(replay.finished(step(3, false, 22).record())).isFalse();
  }

  @Test
  void finished_neededMessageOlderThanTheStart_isNoSign() {
    Replay replay = new Replay(List.of(step(2, false, 15)), new Position(1, 20));
    assertThat(replay.finished(step(2, false, 15).record())).isFalse();
  }

  @Test
  void finished_aLaterRecordSaysSo() {
    Replay replay =
        new Replay(List.of(step(2, false, 20), step(3, false, 20, 2)), new Position(1, 20));
    assertThat(replay.finished(step(2, false, 20).record())).isTrue();
    assertThat(replay.finished(step(3, false, 20).record())).isFalse();
  }

  @Test
  void finished_orderlyStopAfterIt() {
    Replay replay = new Replay(List.of(step(2, false, 20), step(3, true, 25)), new Position(1, 20));
    assertThat(replay.finished(step(2, false, 20).record())).isTrue();
  }

  @Test
  void unfinishedRevision_isThatOfTheNewestRecordUnlessItCloses() {
    assertThat(Replay.unfinishedRevision(Optional.empty())).isEmpty();
    assertThat(Replay.unfinishedRevision(Optional.of(step(3, true, 29).record()))).isEmpty();
    assertThat(Replay.unfinishedRevision(Optional.of(step(2, false, 20).record()))).contains(1L);
  }

  @Test
  void next_noRecords_repeatsNothing() {
    assertThat(new Replay(List.of(), new Position(1, 0)).next()).isEmpty();
  }
}
