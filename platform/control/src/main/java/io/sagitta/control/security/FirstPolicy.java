package io.sagitta.control.security;

import io.sagitta.service.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of the policy that control starts with. */
public final class FirstPolicy {
  private FirstPolicy() {}

  /** Returns the text of each file in {@code folder} and below, by name. */
  public static Map<String, String> in(Path folder) throws StartException {
    try (Stream<Path> all = Files.walk(folder)) {
      Map<String, String> files = new TreeMap<>();
      List<Path> yaml = all.filter(f -> f.toString().matches(".*\\.ya?ml")).sorted().toList();
      for (Path file : yaml) {
        files.put(
            "security/" + folder.relativize(file).toString().replace('\\', '/'),
            Files.readString(file));
      }
      return files;
    } catch (IOException e) {
      throw new StartException(
          "The policy in " + folder + " cannot be read: " + e + ". Mend security.policy.");
    }
  }
}
