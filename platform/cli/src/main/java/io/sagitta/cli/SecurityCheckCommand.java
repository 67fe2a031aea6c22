package io.sagitta.cli;

import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Problem;
import io.sagitta.policy.DefinitionRequests;
import io.sagitta.policy.Policy;
import io.sagitta.policy.UnusedGrants;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sagitta security check}: what definitions ask and the policy does not grant. */
@Command(
    name = "check",
    description = {
      "Prints what pipeline files ask of the policy and it does not grant, each with the rule that",
      "would: readers of streams, other pipelines' streams, folders, databases and topics.",
      "Grants of streams and sources that these pipelines do not have are warned of."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta security check pipeline-defs/ --policy security/")
final class SecurityCheckCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final FileParameters parameters = new FileParameters();
  @Mixin private final PolicyOption policy = new PolicyOption();

  SecurityCheckCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    List<DefinitionFile> files = parameters.files();
    Policy rules = policy.checked(shell, common, "Nothing was checked");
    List<CheckedDefinition> checked =
        ApplyRequests.check(shell, common, files, "Nothing was checked");
    List<Problem> problems = new ArrayList<>();
    List<PipelineDefinition> definitions = new ArrayList<>();
    for (CheckedDefinition one : checked) {
      definitions.add(one.definition());
      problems.addAll(DefinitionRequests.ungranted(rules, one.definition(), one.locations()));
    }
    problems.addAll(UnusedGrants.of(rules, definitions));
    return show(ProblemReport.of(files.size(), problems), files.size());
  }

  private int show(ProblemReport report, int files) {
    if (common.json()) {
      shell
          .out()
          .println(
              Json.pretty(
                  Json.object()
                      .put("files", files)
                      .put("granted", report.errors() == 0)
                      .set("problems", report.json())));
    } else {
      report.print(shell);
      shell
          .out()
          .println(
              report.errors() == 0
                  ? shell.styled("@|green granted|@: all that ")
                      + ProblemReport.counted(files, "file")
                      + (files == 1 ? " asks" : " ask")
                  : ProblemReport.counted(report.errors(), "request")
                      + " not granted, in "
                      + ProblemReport.counted(files, "file"));
    }
    return report.errors() == 0 ? ExitCodes.OK : ExitCodes.REFUSED;
  }
}
