package io.sagitta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.sagitta.definition.options.Kind;
import io.sagitta.definition.yaml.Position;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlNode;
import io.sagitta.definition.yaml.YamlReader;
import io.sagitta.definition.yaml.YamlScalar;
import io.sagitta.definition.yaml.YamlSequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Editors and the reader agree, by a JSON Schema validator that is not ours. */
class PolicySchemaTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(PolicySchema.json());

  @Test
  void json_shippedFiles_areAccepted() throws IOException {
    for (PolicyFile file : PolicyFixturesTest.files(PolicyFixturesTest.SHIPPED)) {
      assertThat(isAccepted(file.utf8())).as(file.name()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"subjects", "connectors", "kinds"})
  void json_fileOfWrongShape_isRefused(String folder) throws IOException {
    List<PolicyFile> files = PolicyFixturesTest.files(PolicyFixturesTest.POLICIES.resolve(folder));
    assertThat(files).anyMatch(file -> !isAccepted(file.utf8()));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void example_ofKind_isAcceptedBySchemaAndReader(Class<?> kind) {
    String text = Policies.HEAD + "Connectors\nallow:\n" + kind.getAnnotation(Kind.class).example();

    assertThat(isAccepted(text.getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(
            Policies.read(
                    Policies.SUBJECTS,
                    Policies.HEAD + "Tenants\ntenants: {aviation: {purpose: x, owner: ada}}\n",
                    text)
                .problems())
        .isEmpty();
  }

  static Stream<Class<?>> kinds() {
    return Stream.of(Allowance.class.getPermittedSubclasses());
  }

  private static boolean isAccepted(byte[] utf8) {
    YamlNode root = YamlReader.read(utf8).root().orElse(YamlScalar.implied("", Position.START));
    return SCHEMA.validate(new ObjectMapper().valueToTree(plain(root))).isEmpty();
  }

  private static @Nullable Object plain(YamlNode node) {
    if (node instanceof YamlMapping mapping) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      mapping.entries().forEach(entry -> values.put(entry.name(), plain(entry.value())));
      return values;
    }
    return node instanceof YamlSequence sequence
        ? sequence.items().stream().map(PolicySchemaTest::plain).toList()
        : ((YamlScalar) node).asValue();
  }
}
