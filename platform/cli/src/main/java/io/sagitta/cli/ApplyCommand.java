package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sagitta apply}: makes pipelines run as their files say. */
@Command(
    name = "apply",
    description = {
      "Makes pipelines run as their files say.",
      "A file that changed becomes a new revision; one that did not changes nothing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta apply pipeline-defs/flights-on-time.yaml",
      "  sagitta apply pipeline-defs/ --env prod",
    })
final class ApplyCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();
  @Mixin private final FileParameters parameters = new FileParameters();

  @Option(
      names = "--author",
      paramLabel = "NAME",
      description = "Who applies it; else whom git would name, else the user of this machine.")
  private @Nullable String author;

  ApplyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ControlClient client = control.connect(shell);
    List<CheckedDefinition> checked = ApplyRequests.check(shell, common, parameters.files());
    ArrayNode replies = Json.array(List.of());
    for (CheckedDefinition definition : checked) {
      JsonNode reply = client.post("/api/v1/pipelines", ApplyRequests.of(definition, author));
      replies.add(reply);
      if (!common.json()) {
        PlanText.ofApplied(reply).forEach(line -> shell.out().println(shell.styled(line)));
        shell.out().flush();
      }
    }
    if (common.json()) {
      shell.out().println(Json.pretty(replies));
    }
    return ExitCodes.OK;
  }
}
