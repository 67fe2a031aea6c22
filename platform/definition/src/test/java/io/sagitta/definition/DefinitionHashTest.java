package io.sagitta.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DefinitionHashTest {
  private static final String TEXT =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: orders, tenant: shop}
      spec:
        mode: streaming
        sources:
          orders: {type: http, schema: {id: {type: int64}, name: {type: string}}}
        stages:
          once: {type: dedupe, inputs: [orders], key: [id], within: 1h}
          more: {type: dedupe, inputs: [once], key: [name], within: 60m}
        streams:
          results: {inputs: [more]}
      """;

  @Test
  void of_sameMeaning_isTheSame() {
    String other =
        """
        # A comment, another layout, another order, defaults written out, a test.
        kind: "Pipeline"
        apiVersion: sagitta/v1
        spec:
          priority: medium
          mode: streaming
          parallelism: 1
          errors: {retry: {max_attempts: 5}}
          streams:
            results: {inputs: more, retain: 168h}
          stages:
            more: {type: dedupe, inputs: [once], key: [name], within: 1h}
            once: {key: [id], within: 3600s, type: dedupe, inputs: [orders]}
          sources:
            orders: {type: http, schema: {id: {type: int64}, name: {type: string, required: false}}}
        metadata: {tenant: shop, name: orders}
        tests:
          - {name: a, given: {orders: []}, expect: {once: []}}
        """;

    assertThat(hash(other)).isEqualTo(hash(TEXT)).matches("[0-9a-f]{64}");
  }

  /** A pinned value: a change of it makes every running pipeline look changed. */
  @Test
  void of_thisText_staysWhatItIs() {
    assertThat(hash(TEXT))
        .isEqualTo("5430f2b12dd209da49bccadb8e1b1ad8b2e1f0707bfb89898d4a00e78f84929c");
  }

  @Test
  void of_otherMeaning_differs() {
    assertThat(hash(TEXT.replace("within: 1h", "within: 2h"))).isNotEqualTo(hash(TEXT));
    assertThat(
            hash(
                TEXT.replace(
                    "id: {type: int64}, name: {type: string}",
                    "name: {type: string}, id: {type: int64}")))
        .as("the order of columns")
        .isNotEqualTo(hash(TEXT));
    assertThat(hash(TEXT.replace("key: [name]", "key: [name, id]"))).isNotEqualTo(hash(TEXT));
    assertThat(
            hash(
                TEXT.replace(
                    "dedupe, inputs: [once], key: [name], within: 60m",
                    "sql, inputs: [once], query: SELECT 1")))
        .isNotEqualTo(hash(TEXT));
  }

  private static String hash(String text) {
    ReadResult result = DefinitionReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8));
    assertThat(result.problems()).allMatch(p -> p.severity() == Problem.Severity.WARNING);
    return DefinitionHash.of(result.definition().orElseThrow());
  }
}
