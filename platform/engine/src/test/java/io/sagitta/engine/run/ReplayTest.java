package io.sagitta.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.engine.run.TaskRig.Made;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A new owner that repeats what the old one acked last makes, of every step behind the last
 * finished one, exactly what the old one made; and the ledger balances.
 */
class ReplayTest {
  private static final int SEEDS = 30;

  private final Path spill;

  ReplayTest(@TempDir Path spill) {
    this.spill = spill;
  }

  @ParameterizedTest
  @EnumSource
  void afterCrash_anyStep_makesWhatWasMade(Heads head) {
    Plan plan = head.plan();
    try (Replay replay = new Replay(plan, "head", History.UPSTREAMS, 1 << 20, spill)) {
      for (long seed = 0; seed < SEEDS; seed++) {
        History history = History.random(seed, seed % 2 == 1, head.inputs());
        Replay.Run run = replay.run(history);
        int steps = history.steps().size();
        int finished = new Random(seed).nextInt(steps - 1);
        List<Made> again = replay.afterCrash(history, run, finished);

        assertThat(again)
            .as("%s, seed %d, crash behind step %d", head, seed, finished)
            .isEqualTo(run.made().subList(finished + 1, steps));
        assertBalance(run, head + ", seed " + seed);
      }
    }
  }

  private static void assertBalance(Replay.Run run, String what) {
    Counts sum =
        run.made().stream()
            .map(made -> made.counts().getOrDefault("head", Counts.ZERO))
            .reduce(Counts.ZERO, Counts::plus);
    long out =
        run.made().stream()
            .flatMap(made -> made.rows().values().stream())
            .mapToLong(List::size)
            .sum();
    assertThat(sum.out()).as(what).isEqualTo(out);
    assertThat(sum.held()).as(what).isZero();
    assertThat(sum.in())
        .as(what)
        .isEqualTo(
            sum.late()
                + sum.quarantined()
                + sum.filtered()
                + sum.duplicates()
                + (sum.duplicates() + sum.filtered() == 0 || sum.filtered() == 0 ? sum.out() : 0));
  }
}
