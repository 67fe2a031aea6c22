package io.sagitta.definition.yaml;

/** One value of a YAML document. */
public sealed interface YamlNode permits YamlScalar, YamlSequence, YamlMapping {
  /** Where the value starts. */
  Position at();

  /** What the value is, in words for messages. */
  String words();
}
