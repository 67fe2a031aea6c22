package io.sagitta.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sagitta audit}: who did what, and what was denied. */
@Command(
    name = "audit",
    description = {
      "Reads the audit log of a control or a gateway: who did what to which object, when and from",
      "where, allowed or denied. Works on the log's folder, on the machine that keeps it."
    },
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta audit verify /var/lib/sagitta/control/audit",
      "  sagitta audit list /var/lib/sagitta/control/audit --denied --json",
    })
final class AuditCommand implements CommandGroup {
  private final Shell shell;

  @Spec private CommandSpec spec = CommandSpec.create();

  AuditCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public List<Callable<Integer>> commands() {
    return List.of(
        new AuditVerifyCommand(shell), new AuditListCommand(shell), new AuditExportCommand(shell));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(shell.err());
    return ExitCodes.USAGE;
  }
}
