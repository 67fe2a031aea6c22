package io.sagitta.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sagitta audit export}: every record as it stands, for other systems. */
@Command(
    name = "export",
    description = {
      "Prints every record of an audit log as it stands, one JSON object a line, oldest first: with",
      "its hash of the one before, so that what was exported can be checked as well."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta audit export /var/lib/sagitta/control/audit > audit.jsonl")
final class AuditExportCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final AuditLogParameter log = new AuditLogParameter();

  AuditExportCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    log.read(
        folder -> {
          folder.read(shell.out()::println);
          return folder;
        });
    return ExitCodes.OK;
  }
}
