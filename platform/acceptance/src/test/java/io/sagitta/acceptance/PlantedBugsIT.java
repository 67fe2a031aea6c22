package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.torture.FaultKind;
import io.sagitta.torture.Finding;
import io.sagitta.torture.Torture;
import io.sagitta.torture.TortureOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The attack on a platform with known bugs finds each of them. Bugs that show only if a fault hits
 * within milliseconds are attacked with one that is aimed at a step; without the bug the platform
 * holds under the very same fault. Bugs that are planted together show in different places.
 */
final class PlantedBugsIT {
  private static final String TASK = "node/src/main/java/io/sagitta/node/task/";
  private static final String JDBC = "connectors/jdbc/src/main/java/io/sagitta/connectors/jdbc/";
  private static final String TRANSPORT = "transport/src/main/java/io/sagitta/transport/";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** With a bug, a pipeline may never come to rest. */
  private static final Duration HASTE = Duration.ofSeconds(8);

  private static final Aimed OUTPUTS_HELD =
      new Aimed(OutputsHeld.CAME, OutputsHeld.places("day/orders"));
  private static final Aimed PLAIN_OUTPUTS_HELD =
      new Aimed(OutputsHeld.CAME, OutputsHeld.places("plain/orders"));
  private static final Aimed RECORD_HELD =
      new Aimed(RecordHeld.CAME, RecordHeld.places("sinks/orders"));
  private static final Aimed OWNER_PAUSED =
      new Aimed(OwnerPaused.CAME, OwnerPaused.places("day/days"));

  private static final Bug WINDOW_ACKNOWLEDGED =
      new Bug(
          "a window's rows are acknowledged before it closes",
          "keyed",
          "result is as DuckDB finds it",
          new SourceChange(
              TASK + "StepWork.java",
              "needsFrom = Math.min(result.oldestNeeded(), gathered.afterOrdinal());",
              "needsFrom = gathered.afterOrdinal();"));
  private static final Bug OTHER_BOUNDS =
      new Bug(
          "a repeated step has other bounds",
          "plain",
          "acknowledged row arrived|impossible row is in quarantine, each time it came",
          new SourceChange(
              TASK + "RecordedSteps.java",
              "parts.input().gatherThrough(record.last())",
              "parts.input().gather(Bounds.DEFAULT).orElseThrow()"));
  private static final Bug NO_COMPARE_AND_SET =
      new Bug(
          "a sink commits without compare-and-set",
          "sinks",
          "table rows: row arrived once",
          new SourceChange(
              JDBC + "CommitTable.java",
              "long step = step(connection, name, task);",
              "long step = 0;"),
          new SourceChange(
              JDBC + "CommitTable.java",
              "WHERE task = ? AND step = ?",
              "WHERE task = ? AND ? >= 0"));
  private static final Bug TABLE_NOT_RECORDED =
      new Bug(
          "the version of a table is not recorded",
          "refreshed",
          "row has the version of the table that it has elsewhere",
          new SourceChange(
              TASK + "StepWork.java", "parts.tables().used(),", "java.util.Map.of(),"));
  private static final Bug ACKNOWLEDGED_EARLY =
      new Bug(
          "the input is acknowledged before the outputs are on disk",
          "day",
          "result is as DuckDB finds it",
          new SourceChange(
              TASK + "StepQueue.java",
              "step.number() > committed || !step.published().isDone()",
              "step.number() > committed"),
          new SourceChange(TASK + "StepQueue.java", "step.published().join();", ""));
  private static final Bug CLIENT_BATCHES =
      new Bug(
          "the client batches",
          "day",
          "result is as DuckDB finds it",
          new SourceChange(
              TRANSPORT + "PartitionProducer.java",
              "enableBatching(false)",
              "enableBatching(true)"));
  private static final Bug OUTPUTS_BEFORE_RECORD =
      new Bug(
          "outputs leave before their step's record",
          "sinks",
          "stream rows: acknowledged row arrived",
          new SourceChange(
              TASK + "Outbox.java",
              "sent.thenCombine(recorded, (before, position) -> null)",
              "sent.thenApply(before -> null)"));
  private static final Bug SINKS_BEFORE_RECORD =
      new Bug(
          "sinks are written before their step's record",
          "sinks",
          "table rows: acknowledged row arrived",
          new SourceChange(
              TASK + "StepWork.java",
              "offer(step, result, send, recorded);",
              "offer(step, result, send, CompletableFuture.completedFuture(gathered.last()));"));
  private static final Bug SHARED_JOURNAL =
      new Bug(
          "a journal is not exclusive",
          "day",
          "result is as DuckDB finds it",
          new SourceChange(
              TRANSPORT + "ExclusiveLog.java",
              "PartitionProducer.Access.EXCLUSIVE",
              "PartitionProducer.Access.SHARED"));

  /** A fault that is aimed at a step; {@code mark} is left when it came. */
  record Aimed(String mark, List<SourceChange> places) {}

  /** A bug, and what the check must find wrong with which shape, as a regular expression. */
  record Bug(String about, String shape, String finding, List<SourceChange> changes) {
    Bug(String about, String shape, String finding, SourceChange... changes) {
      this(about, shape, finding, List.of(changes));
    }

    boolean isSeenIn(Finding found) {
      return found.about().equals(shape)
          && Pattern.compile(finding).matcher(found.what()).find()
          && found.wrong() > 0;
    }
  }

  /** One attack: whole, or with bugs. */
  record Attack(
      List<String> shapes, int nodes, int seconds, Set<FaultKind> faults, List<Aimed> aims) {

    List<Finding> on(List<Bug> bugs, Duration patience, Path folder) throws Exception {
      List<SourceChange> changes = new ArrayList<>();
      bugs.forEach(bug -> changes.addAll(bug.changes()));
      aims.forEach(aimed -> changes.addAll(aimed.places()));
      Path changed = folder.resolve("changes");
      List<Finding> findings =
          Torture.run(
                  new TortureOptions(
                      1,
                      Duration.ofSeconds(seconds),
                      faults,
                      shapes,
                      nodes,
                      1,
                      400,
                      patience,
                      folder.resolve("run"),
                      ChangedNode.with(changed, changes)),
                  line -> {})
              .findings();
      aims.forEach(aimed -> assertThat(changed.resolve(aimed.mark())).as("it came").exists());
      return findings;
    }

    @Override
    public String toString() {
      return shapes + " " + faults + " " + aims.stream().map(Aimed::mark).toList();
    }
  }

  private static Attack kills(int seconds, String... shapes) {
    return new Attack(List.of(shapes), 1, seconds, Set.of(FaultKind.NODE_KILL), List.of());
  }

  private static Attack aimed(int nodes, int seconds, List<String> shapes, Aimed... aims) {
    return new Attack(shapes, nodes, seconds, Set.of(), List.of(aims));
  }

  /** An attack on these bugs. */
  record Case(Attack attack, List<Bug> bugs) {
    Case(Attack attack, Bug... bugs) {
      this(attack, List.of(bugs));
    }

    @Override
    public String toString() {
      return bugs.stream().map(Bug::about).toList() + " " + attack;
    }
  }

  static Stream<Case> bugs() {
    return Stream.of(
        new Case(
            kills(20, "keyed", "sinks", "refreshed"),
            WINDOW_ACKNOWLEDGED,
            NO_COMPARE_AND_SET,
            TABLE_NOT_RECORDED),
        new Case(aimed(1, 9, List.of("plain"), PLAIN_OUTPUTS_HELD), OTHER_BOUNDS),
        new Case(aimed(1, 9, List.of("day"), OUTPUTS_HELD), ACKNOWLEDGED_EARLY),
        new Case(aimed(1, 9, List.of("day"), OUTPUTS_HELD), CLIENT_BATCHES),
        new Case(
            aimed(1, 12, List.of("sinks"), RECORD_HELD),
            OUTPUTS_BEFORE_RECORD,
            SINKS_BEFORE_RECORD),
        new Case(aimed(2, 26, List.of("day"), OWNER_PAUSED), SHARED_JOURNAL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bugs")
  void torture_platformWithKnownBugs_findsEach(Case on, @TempDir Path folder) throws Exception {
    List<Finding> findings = on.attack().on(on.bugs(), HASTE, folder);
    for (Bug bug : on.bugs()) {
      assertThat(findings).as(bug.about()).anyMatch(bug::isSeenIn);
    }
  }

  static Stream<Attack> aims() {
    return Stream.of(
        aimed(1, 20, List.of("day", "sinks"), OUTPUTS_HELD, RECORD_HELD),
        aimed(1, 9, List.of("plain"), PLAIN_OUTPUTS_HELD),
        aimed(2, 26, List.of("day"), OWNER_PAUSED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("aims")
  void torture_faultsAimedAtAPlatformWithoutBug_holds(Attack attack, @TempDir Path folder)
      throws Exception {
    assertThat(attack.on(List.of(), PATIENCE, folder))
        .filteredOn(found -> found.wrong() > 0)
        .extracting(Finding::what)
        .containsExactly("process ended only by a fault");
  }
}
