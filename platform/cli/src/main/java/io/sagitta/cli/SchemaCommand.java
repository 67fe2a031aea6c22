package io.sagitta.cli;

import io.sagitta.definition.PipelineSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
  @Mixin private final SchemaOutput output = new SchemaOutput();

  SchemaCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    output.write(shell, common, PipelineSchema.json());
    return ExitCodes.OK;
  }
}
