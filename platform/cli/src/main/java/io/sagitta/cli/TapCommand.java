package io.sagitta.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sagitta tap}: a sample of the rows of a source, stage or stream. */
@Command(
    name = "tap",
    description = {
      "Prints a sample of the rows that a source or stage makes, or that reach a stream, as JSON",
      "lines; also of a stage whose rows never leave its task's query.",
      "The sample is lossy: watching never slows the pipeline down."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta tap aviation/flights-on-time clean --rows 20")
final class TapCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "10",
      description = "Stop after so many rows (default: ${DEFAULT-VALUE}, at most 10000).")
  private int rows;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "Stop after so many seconds (default: ${DEFAULT-VALUE}, at most 300).")
  private int seconds;

  @Option(
      names = "--unmask",
      description = "Show sensitive columns: takes the role custodian, and is recorded.")
  private boolean unmask;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "tenant/name, or the name alone.")
  private String pipeline = "";

  @Parameters(
      index = "1",
      paramLabel = "STREAM|STAGE",
      description = "What to watch; a source will do, too.")
  private String name = "";

  TapCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ControlClient client = control.connect(shell);
    var request =
        Json.object()
            .put("of", name)
            .put("rows", rows)
            .put("seconds", seconds)
            .put("unmask", unmask);
    int[] count = {0};
    client.postForLines(
        client.pipelinePath(pipeline) + "/tap",
        request,
        line -> {
          if (isProblem(line)) {
            throw CommandFailure.failed(problem(line));
          }
          shell.out().println(line);
          shell.out().flush();
          return ++count[0] < rows;
        });
    if (!common.json()) {
      shell
          .err()
          .println(count[0] == 0 ? "No row came in " + seconds + " s." : count[0] + " rows.");
    }
    return ExitCodes.OK;
  }

  /** A failure after the answer began comes as a last line of its own. */
  private static boolean isProblem(String line) {
    return line.startsWith("{\"__problem\":");
  }

  private static String problem(String line) {
    try {
      JsonNode problem = Json.parse(line);
      return problem.path("__problem").asText();
    } catch (JsonProcessingException e) {
      return "Control broke the sample off.";
    }
  }
}
