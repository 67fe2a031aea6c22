package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sagitta plan}: what {@code apply} would change against what runs. */
@Command(
    name = "plan",
    description = {
      "Shows what apply would change against what runs, and changes nothing.",
      "The exit code is 1 if apply would refuse."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta plan pipeline-defs/flights-on-time.yaml")
final class PlanCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();
  @Mixin private final FileParameters parameters = new FileParameters();

  PlanCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ControlClient client = control.connect(shell);
    List<CheckedDefinition> checked = ApplyRequests.check(shell, common, parameters.files());
    ArrayNode replies = Json.array(List.of());
    boolean refused = false;
    for (CheckedDefinition definition : checked) {
      JsonNode reply = client.post("/api/v1/plan", ApplyRequests.of(definition, null));
      replies.add(reply);
      refused |= !reply.path("refusals").isEmpty();
      if (!common.json()) {
        PlanText.ofPlan(reply).forEach(line -> shell.out().println(shell.styled(line)));
        shell.out().flush();
      }
    }
    if (common.json()) {
      shell.out().println(Json.pretty(replies));
    }
    return refused ? ExitCodes.REFUSED : ExitCodes.OK;
  }
}
