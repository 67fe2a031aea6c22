package io.sagitta.policy;

import io.sagitta.definition.options.Shape;
import io.sagitta.definition.options.Shapes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a file of the policy holds, as its {@code kind} says. */
enum FileKind {
  SUBJECTS("Subjects", SubjectsFile.class),
  TENANTS("Tenants", TenantsFile.class),
  GRANTS("Grants", GrantsFile.class),
  CONNECTORS("Connectors", ConnectorsFile.class),
  TRANSPORT("Transport", TransportFile.class);

  private static final Map<FileKind, Shape.Fixed> SHAPES =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(kind -> kind, kind -> Shapes.of(kind.keys)));

  private final String word;
  private final Class<? extends Record> keys;

  FileKind(String word, Class<? extends Record> keys) {
    this.word = word;
    this.keys = keys;
  }

  /** Returns the value of {@code kind}. */
  String word() {
    return word;
  }

  /** Returns the keys of such a file. */
  Shape.Fixed shape() {
    return Optional.ofNullable(SHAPES.get(this)).orElseThrow();
  }

  /** Returns the kind that {@code word} says. */
  static Optional<FileKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** Returns what {@code kind} may say. */
  static List<String> words() {
    return Arrays.stream(values()).map(FileKind::word).toList();
  }
}
