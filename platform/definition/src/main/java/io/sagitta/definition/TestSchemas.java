package io.sagitta.definition;

/** JSON Schema of what {@link TestReader} reads. */
final class TestSchemas {
  private static final String ROWS =
      """
      {"type": "array", "items": {"type": "object", "additionalProperties":
       {"type": ["string", "number", "boolean", "null"]}}}
      """;

  static final String GIVEN =
      """
      {"anyOf": [
        {"type": "object", "additionalProperties":
      """
          + ROWS
          + """
          },
          {"type": "array", "items": {"type": "object", "minProperties": 1, "maxProperties": 1,
           "properties": {"_tick": {"type": "string", "format": "date-time"}},
           "additionalProperties": {"anyOf": [{"enum": ["idle", "end"]},
          """
          + ROWS
          + "]}}}]}";

  static final String EXPECT =
      """
      {"type": "object", "minProperties": 1, "additionalProperties":
      """
          + ROWS
          + "}";

  private TestSchemas() {}
}
