package io.sagitta.definition;

import io.sagitta.definition.options.JsonSchema;
import io.sagitta.definition.options.Shapes;

/** The JSON Schema of pipeline files, draft 2020-12, which editors check and complete with. */
public final class PipelineSchema {
  private PipelineSchema() {}

  /** Returns the schema, indented, with a newline at its end. */
  public static String json() {
    return JsonSchema.text(JsonSchema.of("A Sagitta pipeline", Shapes.of(PipelineFile.class)));
  }
}
