package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sagitta resume}: lets a paused pipeline go on where it stopped. */
@Command(
    name = "resume",
    description = "Lets a paused pipeline go on where it stopped.",
    footerHeading = "%nExample:%n",
    footer = "  sagitta resume aviation/flights-on-time")
final class ResumeCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Parameters(paramLabel = "PIPELINE", description = "tenant/name, or the name alone.")
  private String pipeline = "";

  ResumeCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ControlClient client = control.connect(shell);
    JsonNode reply = client.post(client.pipelinePath(pipeline) + "/resume", Json.object());
    shell.out().println(common.json() ? Json.pretty(reply) : Names.of(reply) + " is to run again.");
    return ExitCodes.OK;
  }
}
