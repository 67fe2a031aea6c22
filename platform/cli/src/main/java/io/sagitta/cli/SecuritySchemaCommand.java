package io.sagitta.cli;

import io.sagitta.policy.PolicySchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sagitta security schema}: the JSON Schema that editors check the policy's files with. */
@Command(
    name = "schema",
    description = {
      "Prints the JSON Schema of the policy's files, which editors check and complete with.",
      "Name it in a file's first line: # yaml-language-server: $schema=./security.schema.json"
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta security schema --output security/security.schema.json")
final class SecuritySchemaCommand implements Callable<Integer> {
  private final Shell shell;

  // The schema is JSON with or without --json.
  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final SchemaOutput output = new SchemaOutput();

  SecuritySchemaCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    output.write(shell, common, PolicySchema.json());
    return ExitCodes.OK;
  }
}
