package io.sagitta.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.connectors.Reach;
import io.sagitta.definition.Problem;
import io.sagitta.definition.Spec;
import io.sagitta.engine.Plan;
import io.sagitta.node.batch.BatchException;
import io.sagitta.node.batch.BatchResult;
import io.sagitta.policy.DefinitionRequests;
import io.sagitta.policy.Policy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sagitta run}: runs a batch pipeline once, in this process. */
@Command(
    name = "run",
    description = {
      "Runs a batch pipeline once, in this process, on all cores; needs no server.",
      "Its sinks commit whole: a run that fails or is interrupted leaves them as they were.",
      "It publishes no streams."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta run reports/punctuality.yaml --data /srv/flights")
final class RunCommand implements Callable<Integer> {
  private static final String NOTHING_WAS_RUN = "Nothing was run";

  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "FILE", description = "A pipeline file with 'mode: batch'.")
  private Path file = Path.of("");

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "Read env/NAME.yaml beside the file: params, parallelism, pool, secrets.")
  private @Nullable String environment;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where relative paths of sources and sinks start; else the file's folder.")
  private @Nullable Path data;

  @Option(
      names = "--policy",
      paramLabel = "DIR",
      description = "Refuse what this policy does not let the pipeline read and write.")
  private @Nullable Path policy;

  @Option(
      names = "--run",
      paramLabel = "NAME",
      description = "What the run is called; else the time. A sink takes one name only once.")
  private @Nullable String name;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many cores to use; all if not given.")
  private int threads = Runtime.getRuntime().availableProcessors();

  RunCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws BatchException {
    CheckedDefinition checked =
        ApplyRequests.check(
                shell,
                common,
                DefinitionFile.find(List.of(file), Optional.ofNullable(environment)),
                NOTHING_WAS_RUN)
            .get(0);
    if (checked.definition().spec().mode() != Spec.Mode.BATCH) {
      throw CommandFailure.refused(
          "This is a streaming pipeline: apply it, or give it 'mode: batch'.", List.of());
    }
    Optional<Policy> rules = granted(checked);
    List<Problem> unpublished = unpublished(checked);
    if (!common.json()) {
      ProblemReport.ofWarnings(unpublished).print(shell);
    }
    Here here = data == null ? Here.beside(checked.file()) : Here.in(data);
    BatchResult result =
        BatchProcess.run(
            plan(checked),
            reach(here, rules, checked),
            TableSnapshots.load(
                checked, (table, kind) -> true, reach(Here.beside(checked.file()), rules, checked)),
            Optional.ofNullable(name).orElseGet(() -> Instant.now().toString().replace(':', '-')),
            quarantine(checked),
            threads,
            new ProgressBar(shell));
    print(checked, result, unpublished);
    return ExitCodes.OK;
  }

  /** Refuses before anything is opened: a run that was let half of what it asks is of no use. */
  private Optional<Policy> granted(CheckedDefinition checked) {
    if (policy == null) {
      return Optional.empty();
    }
    Policy rules = PolicyFolder.read(policy).checked(shell, common, NOTHING_WAS_RUN);
    List<Problem> ungranted =
        DefinitionRequests.ungrantedAccess(rules, checked.definition(), checked.locations());
    if (ungranted.isEmpty()) {
      return Optional.of(rules);
    }
    if (!common.json()) {
      ProblemReport.of(1, ungranted).print(shell);
    }
    throw CommandFailure.refused(
        NOTHING_WAS_RUN
            + ": "
            + ProblemReport.counted(ungranted.size(), "request")
            + " not granted by the policy.",
        common.json() ? ungranted.stream().map(Object::toString).toList() : List.of());
  }

  private static List<Problem> unpublished(CheckedDefinition checked) {
    return checked.definition().spec().streams().keySet().stream()
        .map(
            name ->
                checked
                    .locations()
                    .warning(
                        "spec.streams." + name,
                        "'sagitta run' publishes no streams: the rows of '"
                            + name
                            + "' are not kept. Add a sink for them"))
        .toList();
  }

  private static Reach reach(Here here, Optional<Policy> rules, CheckedDefinition checked) {
    return rules
        .map(policy -> here.reach(policy, checked.definition().metadata()))
        .orElseGet(here::reach);
  }

  private static Plan plan(CheckedDefinition checked) {
    try {
      return Here.plan(checked.plan().orElseThrow());
    } catch (IllegalArgumentException e) {
      throw CommandFailure.refused(String.valueOf(e.getMessage()), List.of());
    }
  }

  private Path quarantine(CheckedDefinition checked) {
    Path base = data == null ? checked.file().path().toAbsolutePath().getParent() : data;
    return (base == null ? Path.of("") : base)
        .resolve("quarantine")
        .resolve(checked.definition().metadata().id());
  }

  private void print(CheckedDefinition checked, BatchResult result, List<Problem> unpublished) {
    if (common.json()) {
      ObjectNode json =
          Json.object()
              .put("pipeline", checked.definition().metadata().id())
              .put("quarantined", result.quarantined())
              .put("quarantine", result.quarantine().map(Path::toString).orElse(""));
      List<Problem> warnings = new ArrayList<>(checked.problems());
      warnings.addAll(unpublished);
      json.set("warnings", ProblemReport.ofWarnings(warnings).json());
      json.set("written", Json.tree(result.written()));
      json.set("ledger", Json.tree(result.ledger()));
      shell.out().println(Json.pretty(json));
      return;
    }
    TextTable table =
        new TextTable("STAGE", "IN", "OUT", "FILTERED", "DUPLICATES", "QUARANTINED", "LATE");
    result
        .ledger()
        .forEach(
            (stage, c) ->
                table.row(
                    stage,
                    number(c.in()),
                    number(c.out()),
                    number(c.filtered()),
                    number(c.duplicates()),
                    number(c.quarantined()),
                    number(c.late())));
    table.lines("").forEach(line -> shell.out().println(shell.styled(line)));
    result
        .written()
        .forEach((sink, rows) -> shell.out().println(sink + ": " + number(rows) + " rows written"));
    result
        .quarantine()
        .ifPresent(
            where ->
                shell
                    .out()
                    .println(number(result.quarantined()) + " rows in quarantine: " + where));
  }

  private static String number(long value) {
    return String.format(java.util.Locale.ROOT, "%,d", value);
  }
}
