package io.sagitta.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sagitta validate}: every problem of pipeline files, without running anything. */
@Command(
    name = "validate",
    description = {
      "Checks pipeline files and prints every problem with its place and how to mend it.",
      "Queries are planned by the engine that will run them. Needs no network; runs nothing."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta validate pipeline-defs/ --env prod")
final class ValidateCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final FileParameters parameters = new FileParameters();

  ValidateCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    List<DefinitionFile> files = parameters.files();
    ProblemReport report = ProblemReport.of(CheckedDefinition.check(files));
    if (common.json()) {
      shell
          .out()
          .println(
              Json.pretty(
                  Json.object()
                      .put("files", files.size())
                      .put("valid", report.errors() == 0)
                      .set("problems", report.json())));
    } else {
      report.print(shell);
      shell.out().println(report.errors() == 0 ? valid(files.size()) : report.summary());
    }
    return report.errors() == 0 ? ExitCodes.OK : ExitCodes.REFUSED;
  }

  private String valid(int files) {
    return shell.styled("@|green valid|@: ") + files + (files == 1 ? " file" : " files");
  }
}
