package io.sagitta.policy;

import io.sagitta.definition.options.JsonSchema;
import java.util.Arrays;

/** The JSON Schema of the policy's files, draft 2020-12, which editors check and complete with. */
public final class PolicySchema {
  private PolicySchema() {}

  /** Returns the schema, indented, with a newline at its end. */
  public static String json() {
    return JsonSchema.text(
        JsonSchema.ofOne(
            "A file of a Sagitta policy",
            Arrays.stream(FileKind.values()).map(FileKind::shape).toList()));
  }
}
