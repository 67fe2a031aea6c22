package io.sagitta.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.definition.options.JsonSchema;
import io.sagitta.definition.options.Shapes;

/** The JSON Schema of pipeline files, draft 2020-12, which editors check and complete with. */
public final class PipelineSchema {
  private PipelineSchema() {}

  /** Returns the schema, indented, with a newline at its end. */
  public static String json() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try {
      return new ObjectMapper()
              .writer(printer)
              .writeValueAsString(
                  JsonSchema.of("A Sagitta pipeline", Shapes.of(PipelineFile.class)))
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and lists are always JSON", e);
    }
  }
}
