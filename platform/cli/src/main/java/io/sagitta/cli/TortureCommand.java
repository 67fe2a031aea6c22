package io.sagitta.cli;

import io.sagitta.house.Sandbox;
import io.sagitta.torture.FaultKind;
import io.sagitta.torture.Report;
import io.sagitta.torture.Torture;
import io.sagitta.torture.TortureOptions;
import io.sagitta.torture.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sagitta torture}: real faults on a platform of its own, and the proof that rows hold. */
@Command(
    name = "torture",
    description = {
      "Starts a platform of its own on this machine, feeds it numbered and hashed rows, kills, stops",
      "and cuts off its processes meanwhile, and then checks every row, window and figure of the",
      "ledger against plain DuckDB. It prints how long rows took and how long none came out, by kind",
      "of fault, and how memory grew. Ends with 0 if all holds, else with 1; the history is kept then."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta torture --seed 7 --minutes 5",
      "  sagitta torture --seed 7 --minutes 1 --faults node-kill,broker-kill --shapes keyed",
    })
final class TortureCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What is done, and when, follows from it (default: a new one each time).")
  private @Nullable Long seed;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description =
          "How long rows are fed at least; every fault comes once however long that takes (default: ${DEFAULT-VALUE}).")
  private double minutes = 2;

  @Option(
      names = "--faults",
      paramLabel = "FAULT",
      split = ",",
      completionCandidates = FaultWords.class,
      description =
          "Which faults: ${COMPLETION-CANDIDATES} (default: all that this machine allows; none: no fault).")
  private List<String> faults = List.of();

  @Option(
      names = "--shapes",
      paramLabel = "SHAPE",
      split = ",",
      completionCandidates = ShapeNames.class,
      description = "Which pipelines: ${COMPLETION-CANDIDATES} (default: all).")
  private List<String> shapes = TortureOptions.allShapes();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes (default: ${DEFAULT-VALUE}).")
  private int nodes = 2;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Partitions of each pipeline (default: ${DEFAULT-VALUE}).")
  private int parallelism = 2;

  @Option(
      names = "--rate",
      paramLabel = "ROWS",
      description = "Rows a second into each source (default: ${DEFAULT-VALUE}).")
  private int rate = 400;

  @Option(
      names = "--history",
      paramLabel = "DIR",
      description =
          "Where the run keeps everything (default: .sagitta/torture beside the sagitta command).")
  private @Nullable Path history;

  @Option(names = "--keep", description = "Keep the history even if all holds.")
  private boolean keep;

  TortureCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    Set<FaultKind> kinds = kinds();
    if (kinds.stream().anyMatch(FaultKind::inSandbox)
        && !Sandbox.inside()
        && Sandbox.whyNot().isEmpty()) {
      return Sandbox.run(
          Sagitta.class.getName(),
          Objects.requireNonNull(spec).commandLine().getParent().getParseResult().originalArgs());
    }
    Shell screen = common.json() ? shell.withOutToErr() : shell;
    long chosen = seed == null ? ThreadLocalRandom.current().nextLong(1_000_000) : seed;
    Path home = Path.of(System.getProperty("sagitta.home", "")).toAbsolutePath();
    Path parent = history == null ? home.resolve(".sagitta").resolve("torture") : history;
    Path folder =
        parent.toAbsolutePath().resolve("seed-" + chosen + "-" + System.currentTimeMillis());
    TortureOptions options =
        new TortureOptions(
            chosen,
            Duration.ofMillis(Math.round(minutes * 60_000)),
            kinds,
            known(shapes),
            nodes,
            parallelism,
            rate,
            PATIENCE,
            folder,
            Map.of());
    say(screen, "Seed " + chosen + "; the history goes to " + folder);
    Verdict verdict = Torture.run(options, line -> say(screen, line));
    Report.of(verdict).forEach(line -> say(screen, line));
    if (common.json()) {
      shell.out().println(Json.pretty(verdict));
    }
    if (verdict.holds()) {
      say(screen, "Seed " + chosen + ": all holds.");
      if (!keep) {
        Folders.delete(folder);
      }
      return ExitCodes.OK;
    }
    say(screen, "Seed " + chosen + ": it does NOT hold. The history is in " + folder);
    return ExitCodes.REFUSED;
  }

  private Set<FaultKind> kinds() {
    if (faults.isEmpty()) {
      return EnumSet.allOf(FaultKind.class);
    }
    Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    for (String word : faults) {
      if (!word.equals("none")) {
        kinds.add(
            FaultKind.of(word)
                .orElseThrow(
                    () ->
                        CommandFailure.usage(
                            "No fault is called '"
                                + word
                                + "'. There are: "
                                + FaultKind.words()
                                + ", and none.")));
      }
    }
    return kinds;
  }

  private static List<String> known(List<String> names) {
    List<String> all = TortureOptions.allShapes();
    List<String> unknown = new ArrayList<>(names);
    unknown.removeAll(all);
    if (!unknown.isEmpty()) {
      throw CommandFailure.usage(
          "No shape is called '"
              + unknown.get(0)
              + "'. There are: "
              + String.join(", ", all)
              + ".");
    }
    return names;
  }

  private static void say(Shell screen, String line) {
    screen.out().println(line);
    screen.out().flush();
  }

  /** The words of all faults, for the help. */
  static final class FaultWords implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(FaultKind.values()).map(FaultKind::word).iterator();
    }
  }

  /** The names of all shapes, for the help. */
  static final class ShapeNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return TortureOptions.allShapes().iterator();
    }
  }
}
