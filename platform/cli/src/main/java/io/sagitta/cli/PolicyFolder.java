package io.sagitta.cli;

import io.sagitta.policy.Policy;
import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import io.sagitta.policy.PolicyResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a policy as they are on disk, and what became of them.
 *
 * @param files how many there are
 */
record PolicyFolder(Path folder, int files, PolicyResult result) {
  /** Where the policy is, if nobody says otherwise. */
  static final String USUAL = "security";

  /** Reads all files of {@code folder} and below. */
  static PolicyFolder read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw CommandFailure.usage("There is no folder " + folder + " with a policy in it.");
    }
    List<Path> files = Folders.yamlFiles(folder);
    if (files.isEmpty()) {
      throw CommandFailure.usage("There is no file of a policy (*.yaml) in " + folder + ".");
    }
    return new PolicyFolder(
        folder,
        files.size(),
        PolicyReader.read(
            files.stream()
                .map(file -> new PolicyFile(file.toString(), FileBytes.of(file).bytes()))
                .toList()));
  }

  /** Returns the text of each file of {@code folder}, under the name that control knows it by. */
  static Map<String, String> texts(Path folder) {
    Map<String, String> texts = new TreeMap<>();
    for (Path file : Folders.yamlFiles(folder)) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      texts.put(USUAL + "/" + name, FileBytes.of(file).text());
    }
    return texts;
  }

  /** Returns the report of what is wrong. */
  ProblemReport report() {
    return ProblemReport.of(files, result.problems());
  }

  /**
   * Returns the policy; prints all problems and gives up if there is none.
   *
   * @param what what does not happen then
   */
  Policy checked(Shell shell, CommonOptions common, String what) {
    ProblemReport report = report();
    if (report.errors() > 0 && common.json()) {
      throw CommandFailure.refused(
          what + ": " + report.summary() + ".",
          result.problems().stream().map(Object::toString).toList());
    }
    if (!common.json()) {
      report.print(shell);
    }
    return result
        .policy()
        .orElseThrow(() -> CommandFailure.refused(what + ": " + report.summary() + ".", List.of()));
  }
}
