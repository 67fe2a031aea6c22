package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sagitta delete}: stops a pipeline and deletes all its topics. */
@Command(
    name = "delete",
    description = {
      "Stops a pipeline and deletes its topics with all that is in them.",
      "Refused while another pipeline reads one of its streams. Files and tables that its sinks"
          + " wrote stay."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta delete aviation/flights-on-time --yes")
final class DeleteCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Parameters(paramLabel = "PIPELINE", description = "tenant/name, or the name alone.")
  private String pipeline = "";

  DeleteCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ControlClient client = control.connect(shell);
    String path = client.pipelinePath(pipeline);
    JsonNode there = client.get(path + "/status");
    if (!yes
        && !shell.confirm(
            "Delete " + Names.of(there) + " and everything in its topics for good?")) {
      throw CommandFailure.refused(
          "Nothing was deleted: say yes, or use --yes.", java.util.List.of());
    }
    JsonNode reply = client.delete(path);
    shell.out().println(common.json() ? Json.pretty(reply) : Names.of(there) + " is deleted.");
    return ExitCodes.OK;
  }
}
