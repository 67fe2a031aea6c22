package io.sagitta.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What git knows of a file: its commit, and who works here. Without git nothing is known. */
final class Git {
  private static final int PATIENCE_SECONDS = 5;

  private final Path folder;

  private Git(Path folder) {
    this.folder = folder;
  }

  /** Returns git in the folder of {@code file}. */
  static Git beside(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return new Git(folder == null ? Path.of("").toAbsolutePath() : folder);
  }

  /** Returns the commit checked out, with {@code -dirty} if {@code file} differs from it. */
  Optional<String> commit(Path file) {
    return ask("rev-parse", "HEAD")
        .map(
            head ->
                ask("status", "--porcelain", "--", file.toAbsolutePath().toString()).isEmpty()
                    ? head
                    : head + "-dirty");
  }

  /** Returns {@code name <mail>} as git would sign a commit. */
  Optional<String> author() {
    Optional<String> name = ask("config", "user.name");
    Optional<String> mail = ask("config", "user.email");
    return name.map(n -> mail.map(m -> n + " <" + m + ">").orElse(n));
  }

  /** Returns what git prints, stripped; empty if it prints nothing or fails. */
  private Optional<String> ask(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(ProcessBuilder.Redirect.PIPE)
              .start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0 && !text.isBlank()
          ? Optional.of(text.strip())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
