package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sagitta security apply}: puts a policy in force. */
@Command(
    name = "apply",
    description = {
      "Checks all files of a policy together and puts them in force, in place of the policy that is.",
      "Gateways and control go by it at once, and Pulsar's grants are made what follows from it.",
      "Needs 'administer' on the platform."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta security apply security/ --as grace")
final class SecurityApplyCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "The folder with the policy's files (default: security).")
  private Path folder = Path.of(PolicyFolder.USUAL);

  SecurityApplyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    PolicyFolder.read(folder).checked(shell, common, "Nothing was applied");
    ObjectNode order = Json.object().put("author", System.getProperty("user.name", "unknown"));
    ObjectNode files = order.putObject("files");
    PolicyFolder.texts(folder).forEach(files::put);
    ControlClient client = control.connect(shell);
    ObjectNode answer = (ObjectNode) client.post("/api/v1/security/policy", order);
    JsonNode mended = client.post("/api/v1/security/grants", Json.object());
    answer.set("pulsar", mended);
    if (common.json()) {
      shell.out().println(Json.pretty(answer));
    } else {
      shell
          .out()
          .println(
              shell.styled("@|green in force|@: ")
                  + "policy "
                  + answer.path("number").asLong()
                  + ", by "
                  + answer.path("author").asText());
      if (!mended.path("differences").isEmpty()) {
        shell.out().println("mended, what Pulsar granted otherwise:");
        mended.path("differences").forEach(line -> shell.out().println("  " + line.asText()));
      }
    }
    return ExitCodes.OK;
  }
}
