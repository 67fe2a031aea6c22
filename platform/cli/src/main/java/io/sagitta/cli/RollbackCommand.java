package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sagitta rollback}: makes an earlier revision the next one. */
@Command(
    name = "rollback",
    description = {
      "Goes back to an earlier revision of a pipeline, with the tables it had.",
      "It becomes the next revision; nothing is lost, and nothing comes twice."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta rollback aviation/flights-on-time",
      "  sagitta rollback aviation/flights-on-time --to 3",
    })
final class RollbackCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Parameters(paramLabel = "PIPELINE", description = "tenant/name, or the name alone.")
  private String pipeline = "";

  @Option(
      names = "--to",
      paramLabel = "REVISION",
      description = "Which one; else the one before that which runs.")
  private @Nullable Long to;

  @Option(
      names = "--author",
      paramLabel = "NAME",
      description = "Who goes back; else the user of this machine.")
  private @Nullable String author;

  RollbackCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ControlClient client = control.connect(shell);
    ObjectNode order =
        Json.object()
            .put(
                "author",
                Optional.ofNullable(author).orElse(System.getProperty("user.name", "unknown")));
    Optional.ofNullable(to).ifPresent(revision -> order.put("to", revision));
    JsonNode reply = client.post(client.pipelinePath(pipeline) + "/rollback", order);
    if (common.json()) {
      shell.out().println(Json.pretty(reply));
    } else {
      PlanText.ofApplied(reply).forEach(line -> shell.out().println(shell.styled(line)));
    }
    return ExitCodes.OK;
  }
}
