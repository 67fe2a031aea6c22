package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sagitta logs}: what happened to a pipeline, oldest first. */
@Command(
    name = "logs",
    description = "Prints what happened to a pipeline, oldest first.",
    footerHeading = "%nExample:%n",
    footer = "  sagitta logs aviation/flights-on-time --follow")
final class LogsCommand implements Callable<Integer> {
  private static final int WAIT_SECONDS = 20;

  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing as things happen, until interrupted.")
  private boolean follow;

  @Parameters(paramLabel = "PIPELINE", description = "tenant/name, or the name alone.")
  private String pipeline = "";

  LogsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ControlClient client = control.connect(shell);
    String path = client.pipelinePath(pipeline) + "/events";
    String after = print(client.get(path));
    while (follow && !Thread.currentThread().isInterrupted()) {
      after = print(client.get(path + "?after=" + after + "&wait=" + WAIT_SECONDS));
    }
    return ExitCodes.OK;
  }

  /** Prints one answer and returns what to go on after. */
  private String print(JsonNode answer) {
    answer.path("events").forEach(e -> shell.out().println(common.json() ? Json.line(e) : text(e)));
    shell.out().flush();
    return answer.path("next").asText();
  }

  private String text(JsonNode event) {
    String level = event.path("level").asText();
    String colour =
        switch (level) {
          case "ERROR" -> "@|bold,red %-5s|@";
          case "WARN" -> "@|yellow %-5s|@";
          default -> "%-5s";
        };
    return event.path("at").asText()
        + " "
        + shell.styled(String.format(colour, level))
        + " "
        + event.path("origin").asText()
        + ": "
        + event.path("text").asText();
  }
}
