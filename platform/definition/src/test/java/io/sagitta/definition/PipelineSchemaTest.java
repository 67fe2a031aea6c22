package io.sagitta.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.sagitta.definition.options.Kind;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlNode;
import io.sagitta.definition.yaml.YamlReader;
import io.sagitta.definition.yaml.YamlScalar;
import io.sagitta.definition.yaml.YamlSequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Editors and the reader agree, by a JSON Schema validator that is not ours. */
class PipelineSchemaTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(PipelineSchema.json());

  @ParameterizedTest
  @MethodSource("io.sagitta.definition.FixturesTest#valid")
  void json_validFile_isAccepted(String name) throws IOException {
    assertThat(complaints(text("valid", name))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "durations",
        "empty-values",
        "enums",
        "inputs-empty",
        "input-twice",
        "missing-keys",
        "missing-sections",
        "names",
        "no-sources",
        "number-too-big",
        "numbers-as-text",
        "numbers-out-of-range",
        "ratios",
        "sizes",
        "tests-steps",
        "types",
        "unknown-keys",
        "unknown-kind",
        "window-keys",
        "wrong-types",
        "wrong-version"
      })
  void json_fileOfWrongShape_isRefused(String name) throws IOException {
    assertThat(complaints(text("invalid", name + ".yaml"))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void example_ofKind_isAcceptedBySchemaAndReader(Class<?> kind, String frame) throws IOException {
    String example = kind.getAnnotation(Kind.class).example();
    String text = frame.replace("EXAMPLE\n", example.indent(4));

    assertThat(complaints(text)).isEmpty();
    assertThat(DefinitionReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8)).problems())
        .filteredOn(p -> p.severity() == Problem.Severity.ERROR)
        .as(text)
        .allMatch(p -> p.message().startsWith("there is no source or stage"));
  }

  static Stream<Object[]> kinds() {
    String head =
        """
        apiVersion: sagitta/v1
        kind: Pipeline
        metadata: {name: a, tenant: t}
        spec:
          mode: streaming
          streams: {out: {inputs: [other]}}
        """;
    String sources = "  sources: {other: {type: http, schema: {id: {type: int64}}}}\n";
    String window =
        "  stages:\n   w:\n    type: sql\n    inputs: [other]\n    query: SELECT 1\nEXAMPLE\n";
    return Stream.of(
            rows(Source.class, head + "  sources:\nEXAMPLE\n"),
            rows(Table.class, head + sources + "  tables:\nEXAMPLE\n"),
            rows(Stage.class, head + sources + "  stages:\nEXAMPLE\n"),
            rows(Sink.class, head + sources + "  sinks:\nEXAMPLE\n"),
            rows(
                Window.class,
                head.replace("streaming", "batch")
                    + sources.replace("type: http", "type: file, path: a.csv")
                    + window))
        .flatMap(rows -> rows);
  }

  private static Stream<Object[]> rows(Class<?> type, String frame) {
    return Stream.of(type.getPermittedSubclasses()).map(kind -> new Object[] {kind, frame});
  }

  private static String text(String folder, String name) throws IOException {
    return Files.readString(FixturesTest.PIPELINES.resolve(folder).resolve(name));
  }

  private static Set<ValidationMessage> complaints(String yaml) {
    YamlNode root = YamlReader.read(yaml.getBytes(StandardCharsets.UTF_8)).root().orElseThrow();
    JsonNode json = new ObjectMapper().valueToTree(plain(root));
    return SCHEMA.validate(json);
  }

  private static @Nullable Object plain(YamlNode node) {
    if (node instanceof YamlScalar scalar) {
      return scalar.asValue();
    }
    if (node instanceof YamlSequence sequence) {
      List<@Nullable Object> items = new ArrayList<>();
      sequence.items().forEach(item -> items.add(plain(item)));
      return items;
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    ((YamlMapping) node).entries().forEach(e -> map.put(e.name(), plain(e.value())));
    return map;
  }
}
