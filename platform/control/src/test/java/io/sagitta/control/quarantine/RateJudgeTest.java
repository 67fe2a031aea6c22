package io.sagitta.control.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Counts;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateJudgeTest {
  private static final Instant NOON = Instant.parse("2024-05-01T12:00:00Z");

  private final RateJudge judge = new RateJudge();

  @Test
  void judge_moreThanTheRate_namesTheStage() {
    assertThat(at(0, 50_000, 40_000)).as("what was before counts not").isEmpty();
    assertThat(at(10, 52_000, 40_020)).as("just the rate").isEmpty();
    assertThat(at(20, 52_000, 40_021)).contains(new RateJudge.Verdict("clean", 2_000, 21));
  }

  @Test
  void judge_tooFewRows_saysNothing() {
    assertThat(at(0, 0, 0)).isEmpty();
    assertThat(at(10, RateJudge.LEAST_ROWS - 1, 999)).isEmpty();
    assertThat(at(20, RateJudge.LEAST_ROWS, 999)).isPresent();
  }

  @Test
  void judge_forgetsWhatIsOlderThanTheSpan() {
    assertThat(at(0, 0, 0)).isEmpty();
    assertThat(at(10, 900, 900)).isEmpty();
    assertThat(at(299, 900, 900)).isEmpty();
    // At 400 s the newest look that is old enough to compare with has the 900 already.
    assertThat(at(400, 2_000, 905)).isEmpty();
    assertThat(at(401, 2_000, 920)).isPresent();
  }

  @Test
  void judge_tasksThatCountAnew_areLookedAtAnew() {
    assertThat(at(0, 90_000, 10)).isEmpty();
    assertThat(at(10, 0, 0)).isEmpty();
    assertThat(at(20, 1_500, 16)).isPresent();
  }

  @Test
  void judge_severalStages_namesTheWorst() {
    judge.judge(NOON, Map.of(), 0.01);
    Map<String, Counts> counts =
        Map.of("clean", counts(2_000, 100), "once", counts(1_900, 300), "rows", counts(9_000, 301));
    assertThat(judge.judge(NOON.plusSeconds(5), counts, 0.01))
        .contains(new RateJudge.Verdict("once", 1_900, 300));
  }

  @Test
  void judge_lateRows_doNotCount() {
    judge.judge(NOON, Map.of(), 0.01);
    assertThat(
            judge.judge(
                NOON.plusSeconds(5), Map.of("once", new Counts(5_000, 0, 0, 0, 0, 5_000, 0)), 0.01))
        .isEmpty();
  }

  private Optional<RateJudge.Verdict> at(int seconds, long in, long quarantined) {
    return judge.judge(NOON.plusSeconds(seconds), Map.of("clean", counts(in, quarantined)), 0.01);
  }

  private static Counts counts(long in, long quarantined) {
    return new Counts(in, in - quarantined, 0, 0, quarantined, 0, 0);
  }
}
