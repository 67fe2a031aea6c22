package io.sagitta.definition.yaml;

import java.util.List;
import java.util.Optional;

/**
 * What reading a text as YAML gave.
 *
 * @param root the document; empty if the text could not be read to its end
 * @param source the text
 * @param complaints what is wrong, also beside a root
 */
public record YamlDocument(Optional<YamlNode> root, YamlSource source, List<Complaint> complaints) {
  public YamlDocument {
    complaints = List.copyOf(complaints);
  }
}
