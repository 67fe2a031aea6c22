package io.sagitta.cli;

import io.sagitta.definition.PipelineSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sagitta schema}: the JSON Schema that editors check pipeline files with. */
@Command(
    name = "schema",
    description = {
      "Prints the JSON Schema of pipeline files, which editors check and complete with.",
      "Name it in a file's first line: # yaml-language-server: $schema=./pipeline.schema.json"
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta schema --output pipeline-defs/pipeline.schema.json")
final class SchemaCommand implements Callable<Integer> {
  private final Shell shell;

  // The schema is JSON with or without --json.
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write it there instead of printing it.")
  private @Nullable Path output;

  SchemaCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    String schema = PipelineSchema.json();
    if (output == null) {
      shell.out().print(schema);
      return ExitCodes.OK;
    }
    try {
      Files.writeString(output, schema);
    } catch (IOException e) {
      throw CommandFailure.failed("Cannot write " + output + ": " + e.getMessage());
    }
    if (!common.json()) {
      shell.err().println("Wrote " + output);
    }
    return ExitCodes.OK;
  }
}
