package io.sagitta.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sagitta security}: the policy in {@code security/}, and what it says. */
@Command(
    name = "security",
    description = {
      "Checks the policy in security/, answers what it says, and puts it in force.",
      "What enforces it, and what does not yet: docs/security.md."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta security validate",
      "  sagitta security who-can read aviation/flights-on-time/punctuality",
      "  sagitta security check pipeline-defs/ --json",
    })
final class SecurityCommand implements CommandGroup {
  private final Shell shell;

  @Spec private CommandSpec spec = CommandSpec.create();

  SecurityCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public List<Callable<Integer>> commands() {
    return List.of(
        new SecurityValidateCommand(shell),
        new SecurityWhoCanCommand(shell),
        new SecurityCheckCommand(shell),
        new SecurityPlanCommand(shell),
        new SecurityApplyCommand(shell),
        new SecurityPasswordCommand(shell),
        new SecuritySchemaCommand(shell));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(shell.err());
    return ExitCodes.USAGE;
  }
}
