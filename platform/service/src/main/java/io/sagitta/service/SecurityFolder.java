package io.sagitta.service;

import io.sagitta.policy.Policy;
import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import io.sagitta.policy.PolicyResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The policy that a role's file names as {@code policy}. */
public final class SecurityFolder {
  private SecurityFolder() {}

  /**
   * Reads all YAML files of {@code folder} and below that are not hidden.
   *
   * @throws StartException if the folder cannot be read, or what is in it is no policy; names all
   *     problems
   */
  public static Optional<Policy> read(Optional<Path> folder) throws StartException {
    return folder.isEmpty() ? Optional.empty() : Optional.of(read(folder.get()));
  }

  private static Policy read(Path folder) throws StartException {
    PolicyResult result;
    try {
      List<PolicyFile> files = new ArrayList<>();
      for (Path file : files(folder)) {
        files.add(new PolicyFile(file.toString(), Files.readAllBytes(file)));
      }
      result = PolicyReader.read(files);
    } catch (IOException | UncheckedIOException e) {
      throw new StartException("policy: it cannot be read from " + folder + ": " + e);
    }
    Optional<Policy> policy = result.policy();
    if (policy.isEmpty()) {
      throw new StartException(
          "policy: what is in "
              + folder
              + " is no policy; mend it with 'sagitta security validate':\n"
              + result.problems().stream().map(Object::toString).collect(Collectors.joining("\n")));
    }
    return policy.get();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile)
          .filter(file -> file.toString().matches(".*\\.ya?ml"))
          .filter(file -> !isHidden(folder.relativize(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean isHidden(Path inFolder) {
    for (Path part : inFolder) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }
}
