package io.sagitta.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a schema goes. */
final class SchemaOutput {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write it there instead of printing it.")
  private @Nullable Path file;

  void write(Shell shell, CommonOptions common, String schema) {
    if (file == null) {
      shell.out().print(schema);
      return;
    }
    try {
      Files.writeString(file, schema);
    } catch (IOException e) {
      throw CommandFailure.failed("Cannot write " + file + ": " + e.getMessage());
    }
    if (!common.json()) {
      shell.err().println("Wrote " + file);
    }
  }
}
