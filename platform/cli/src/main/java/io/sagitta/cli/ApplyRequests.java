package io.sagitta.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code plan} and {@code apply} send to control: files that were found valid here. */
final class ApplyRequests {
  private ApplyRequests() {}

  /** Checks {@code files} before they are sent to control. */
  static List<CheckedDefinition> check(
      Shell shell, CommonOptions common, List<DefinitionFile> files) {
    return check(shell, common, files, "Nothing was sent to control");
  }

  /**
   * Checks {@code files}; prints all problems and gives up if one of them is an error.
   *
   * @param what what does not happen then
   */
  static List<CheckedDefinition> check(
      Shell shell, CommonOptions common, List<DefinitionFile> files, String what) {
    List<CheckedDefinition> checked = CheckedDefinition.check(files);
    ProblemReport report = ProblemReport.of(checked);
    if (report.errors() > 0 && common.json()) {
      throw CommandFailure.refused(
          what + ": " + report.summary() + ".",
          checked.stream().flatMap(c -> c.problems().stream()).map(Object::toString).toList());
    }
    if (!common.json()) {
      report.print(shell);
    }
    if (report.errors() > 0) {
      throw CommandFailure.refused(what + ": " + report.summary() + ".", List.of());
    }
    return checked;
  }

  /** Returns the request for one file, tables included. */
  static ObjectNode of(CheckedDefinition checked, @Nullable String author) {
    DefinitionFile file = checked.file();
    Git git = Git.beside(file.path());
    ObjectNode request =
        Json.object()
            .put("file", file.path().toString())
            .put("definition", file.definition().text())
            .put("env", file.environment().map(FileBytes::text).orElse(""))
            .put("envFile", file.environment().map(e -> e.path().toString()).orElse(""))
            .put("commit", git.commit(file.path()).orElse(""))
            .put(
                "author",
                Optional.ofNullable(author)
                    .or(git::author)
                    .orElse(System.getProperty("user.name", "unknown")));
    ObjectNode tables = request.putObject("tables");
    TableSnapshots.ofFiles(checked)
        .forEach((name, stream) -> tables.put(name, Base64.getEncoder().encodeToString(stream)));
    return request;
  }
}
