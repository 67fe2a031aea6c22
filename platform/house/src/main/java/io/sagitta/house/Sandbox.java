package io.sagitta.house;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Namespaces of this process's own for network and mounts, with nothing but a loopback: what is
 * done to them is felt by what it starts, and by nobody else. Linux only, and only as root.
 */
public final class Sandbox {
  private static final String INSIDE = "SAGITTA_SANDBOX";
  private static final List<String> TOOLS = List.of("unshare", "ip", "mount", "sh");

  private Sandbox() {}

  /** Returns whether this process runs in one. */
  public static boolean inside() {
    return System.getenv(INSIDE) != null;
  }

  /** Returns why this machine has none; empty if it has. */
  public static Optional<String> whyNot() {
    if (inside()) {
      return Optional.empty();
    }
    for (String tool : TOOLS) {
      if (Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
          .noneMatch(folder -> Files.isExecutable(Path.of(folder, tool)))) {
        return Optional.of("this machine has no '" + tool + "'");
      }
    }
    if (!System.getProperty("user.name", "").equals("root")) {
      return Optional.of("only root may make namespaces");
    }
    try {
      Process trial = inNamespaces(List.of("true")).redirectErrorStream(true).start();
      trial.getInputStream().readAllBytes();
      return trial.waitFor() == 0
          ? Optional.empty()
          : Optional.of("this machine does not let root make namespaces");
    } catch (IOException e) {
      return Optional.of("unshare does not run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /**
   * Runs {@code mainClass} as this process was started, but in a sandbox, with this process's
   * terminal; it ends when this process does.
   *
   * @return its exit code
   */
  public static int run(String mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(RoleMain.class.getName());
    command.add(Long.toString(ProcessHandle.current().pid()));
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder = inNamespaces(command).inheritIO();
    builder.environment().put(INSIDE, "yes");
    return builder.start().waitFor();
  }

  private static ProcessBuilder inNamespaces(List<String> command) {
    List<String> whole =
        new ArrayList<>(
            List.of(
                "unshare",
                "--net",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                "ip link set lo up && exec \"$@\"",
                "sh"));
    whole.addAll(command);
    return new ProcessBuilder(whole);
  }
}
