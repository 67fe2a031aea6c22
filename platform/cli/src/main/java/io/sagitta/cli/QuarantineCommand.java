package io.sagitta.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sagitta quarantine}: rows that failed, and their way back. */
@Command(
    name = "quarantine",
    description = "Shows rows in quarantine, and sends them back to the sources they came from.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta quarantine list aviation/flights-on-time --reason late --json",
      "  sagitta quarantine replay aviation/flights-on-time --position 12:3:0",
    })
final class QuarantineCommand implements CommandGroup {
  private final Shell shell;

  @Spec private CommandSpec spec = CommandSpec.create();

  QuarantineCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public List<Callable<Integer>> commands() {
    return List.of(new QuarantineListCommand(shell), new QuarantineReplayCommand(shell));
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(shell.err());
    return ExitCodes.USAGE;
  }
}
