package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sagitta status}: what runs, where, how fast, and whether every row is accounted for. */
@Command(
    name = "status",
    description = "Shows what runs, where, how fast, and whether every row is accounted for.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta status",
      "  sagitta status aviation/flights-on-time --ledger --watch",
    })
final class StatusCommand implements Callable<Integer> {
  private static final long WATCH_MILLIS = 1000;
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Option(
      names = "--ledger",
      description =
          "Show what became of every row; the exit code is 1 unless every stage balances.")
  private boolean ledger;

  @Option(
      names = {"-w", "--watch"},
      description = "Show it again every second, until interrupted.")
  private boolean watch;

  @Parameters(
      arity = "0..1",
      paramLabel = "PIPELINE",
      description = "tenant/name, or the name alone; all pipelines if not given.")
  private @Nullable String pipeline;

  StatusCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    ControlClient client = control.connect(shell);
    Optional<String> path = Optional.ofNullable(pipeline).map(p -> client.pipelinePath(p));
    while (true) {
      JsonNode answer = client.get(path.map(p -> p + "/status").orElse("/api/v1/pipelines"));
      if (watch && shell.terminal() && !common.json()) {
        shell.out().print(CLEAR_SCREEN);
      }
      print(answer, path.isPresent());
      if (!watch) {
        return ledger && path.isPresent() && !answer.path("balanced").asBoolean()
            ? ExitCodes.REFUSED
            : ExitCodes.OK;
      }
      Thread.sleep(WATCH_MILLIS);
    }
  }

  private void print(JsonNode answer, boolean one) {
    if (common.json()) {
      shell.out().println(watch ? Json.line(answer) : Json.pretty(answer));
    } else {
      (one ? StatusText.ofPipeline(answer, ledger) : StatusText.ofAll(answer))
          .forEach(line -> shell.out().println(shell.styled(line)));
    }
    shell.out().flush();
  }
}
