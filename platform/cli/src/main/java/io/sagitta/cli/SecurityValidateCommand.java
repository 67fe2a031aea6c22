package io.sagitta.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sagitta security validate}: every problem of a policy. */
@Command(
    name = "validate",
    description =
        "Checks all files of a policy together and prints every problem with its place and how to mend it.",
    footerHeading = "%nExample:%n",
    footer = "  sagitta security validate security/")
final class SecurityValidateCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "The folder with the policy's files (default: security).")
  private Path folder = Path.of(PolicyFolder.USUAL);

  SecurityValidateCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    PolicyFolder policy = PolicyFolder.read(folder);
    ProblemReport report = policy.report();
    if (common.json()) {
      shell
          .out()
          .println(
              Json.pretty(
                  Json.object()
                      .put("files", policy.files())
                      .put("valid", report.errors() == 0)
                      .set("problems", report.json())));
    } else {
      report.print(shell);
      shell
          .out()
          .println(
              report.errors() == 0
                  ? shell.styled("@|green valid|@: ")
                      + ProblemReport.counted(policy.files(), "file")
                  : report.summary());
    }
    return report.errors() == 0 ? ExitCodes.OK : ExitCodes.REFUSED;
  }
}
