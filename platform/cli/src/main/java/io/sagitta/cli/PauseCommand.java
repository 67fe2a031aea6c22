package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sagitta pause}: drains a pipeline's tasks and stops them; nothing is lost. */
@Command(
    name = "pause",
    description = {
      "Stops a pipeline without losing anything.",
      "Its tasks finish what they have begun; what comes in meanwhile waits in Pulsar."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta pause aviation/flights-on-time")
final class PauseCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Parameters(paramLabel = "PIPELINE", description = "tenant/name, or the name alone.")
  private String pipeline = "";

  PauseCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ControlClient client = control.connect(shell);
    JsonNode reply = client.post(client.pipelinePath(pipeline) + "/pause", Json.object());
    shell
        .out()
        .println(
            common.json()
                ? Json.pretty(reply)
                : Names.of(reply) + " is paused. Go on with: sagitta resume " + Names.of(reply));
    return ExitCodes.OK;
  }
}
