package io.sagitta.cli;

import io.sagitta.policy.Policy;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the policy is. */
final class PolicyOption {
  @Option(
      names = "--policy",
      paramLabel = "DIR",
      description = "The folder with the policy's files (default: security).")
  private Path folder = Path.of(PolicyFolder.USUAL);

  /** Returns the policy; prints all problems and gives up if it has errors. */
  Policy checked(Shell shell, CommonOptions common, String what) {
    return PolicyFolder.read(folder).checked(shell, common, what);
  }
}
