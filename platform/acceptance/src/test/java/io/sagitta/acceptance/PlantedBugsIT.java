package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.torture.FaultKind;
import io.sagitta.torture.Torture;
import io.sagitta.torture.TortureOptions;
import io.sagitta.torture.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The attack on a platform with a known bug finds that it does not hold. */
final class PlantedBugsIT {
  private static final String TASK = "node/src/main/java/io/sagitta/node/task/";
  private static final String JDBC = "connectors/jdbc/src/main/java/io/sagitta/connectors/jdbc/";

  static Stream<Arguments> bugs() {
    return Stream.of(
        Arguments.of(
            "keyed",
            "result is as DuckDB finds it",
            new PlantedBug(
                "a window's rows are acknowledged before it closes",
                TASK + "StepWork.java",
                Map.of(
                    "needsFrom = Math.min(result.oldestNeeded(), gathered.afterOrdinal());",
                    "needsFrom = gathered.afterOrdinal();"))),
        Arguments.of(
            "plain",
            "acknowledged row arrived",
            new PlantedBug(
                "a repeated step has other bounds",
                TASK + "RecordedSteps.java",
                Map.of(
                    "parts.input().gatherThrough(record.last())",
                    "parts.input().gather(Bounds.DEFAULT).orElseThrow()"))),
        Arguments.of(
            "sinks",
            "row arrived once",
            new PlantedBug(
                "a sink commits without compare-and-set",
                JDBC + "CommitTable.java",
                Map.of(
                    "long step = step(connection, name, task);", "long step = 0;",
                    "WHERE task = ? AND step = ?", "WHERE task = ? AND ? >= 0"))));
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void torture_platformWithKnownBug_doesNotHold(
      String shape, String finding, PlantedBug bug, @TempDir Path folder) throws Exception {
    Map<String, String> environment = bug.plant(folder.resolve("bug"));
    List<String> said = new ArrayList<>();
    Verdict verdict =
        Torture.run(
            new TortureOptions(
                1,
                Duration.ofSeconds(20),
                Set.of(FaultKind.NODE_KILL),
                List.of(shape),
                1,
                1,
                400,
                Duration.ofSeconds(45),
                folder.resolve("run"),
                environment),
            said::add);
    assertThat(verdict.findings())
        .as("%s: %s", bug, said)
        .filteredOn(found -> found.wrong() > 0)
        .anyMatch(found -> found.what().contains(finding));
  }
}
