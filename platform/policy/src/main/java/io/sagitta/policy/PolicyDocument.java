package io.sagitta.policy;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.sagitta.definition.Locations;
import io.sagitta.definition.ProblemList;
import io.sagitta.definition.options.Binder;
import io.sagitta.definition.options.Nearest;
import io.sagitta.definition.options.TextRules;
import io.sagitta.definition.yaml.Complaint;
import io.sagitta.definition.yaml.Position;
import io.sagitta.definition.yaml.YamlDocument;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlNode;
import io.sagitta.definition.yaml.YamlReader;
import io.sagitta.definition.yaml.YamlScalar;
import io.sagitta.definition.yaml.YamlSequence;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One file of the policy being read: what could be made of it. Checks look at what is there and
 * stay silent about what was refused already.
 */
final class PolicyDocument {
  private static final int MOST_YAML_PROBLEMS = 100;

  /** Nothing in a policy stands for something else: what is written is what holds. */
  private static final TextRules NO_REFERENCES =
      (path, scalar, syntax, complain) -> {
        if (scalar.text().contains("${")) {
          complain.accept(
              "'${…}' stands for nothing in a policy, which says all it means. Write the value out");
          return Optional.empty();
        }
        return Optional.of(scalar.text());
      };

  private final String file;
  private final FileKind kind;
  private final YamlMapping root;
  private final Binder binder;
  private final Locations locations;
  private final ProblemList problems;

  private PolicyDocument(
      String file,
      FileKind kind,
      YamlMapping root,
      Binder binder,
      Locations locations,
      ProblemList problems) {
    this.file = file;
    this.kind = kind;
    this.root = root;
    this.binder = binder;
    this.locations = locations;
    this.problems = problems;
  }

  /** Reads {@code file}; empty after telling {@code problems} why nobody knows what it is. */
  static Optional<PolicyDocument> read(PolicyFile file, ProblemList problems) {
    YamlDocument document = YamlReader.read(file.utf8());
    document.complaints().stream()
        .limit(MOST_YAML_PROBLEMS)
        .forEach(complaint -> problems.add(file.name(), complaint));
    if (document.root().isEmpty()) {
      return Optional.empty();
    }
    YamlNode node = document.root().get();
    Locations locations = Locations.of(file.name(), node, document.source());
    if (!(node instanceof YamlMapping root)) {
      problems.add(
          file.name(),
          new Complaint(node.at(), "a policy's file starts with 'apiVersion: sagitta/v1'"));
      return Optional.empty();
    }
    Optional<FileKind> kind = kind(root, complaint -> problems.add(file.name(), complaint));
    return kind.map(
        known -> {
          Binder binder =
              new Binder(NO_REFERENCES, complaint -> problems.add(file.name(), complaint));
          binder.bind(known.shape(), root, "", Position.START);
          return new PolicyDocument(file.name(), known, root, binder, locations, problems);
        });
  }

  private static Optional<FileKind> kind(YamlMapping root, Consumer<Complaint> complaints) {
    Optional<YamlMapping.Entry> entry = root.entry("kind");
    String given =
        entry.map(e -> e.value() instanceof YamlScalar scalar ? scalar.text() : "").orElse("");
    Optional<FileKind> kind = FileKind.of(given);
    if (kind.isEmpty()) {
      String hint = Nearest.hint(given, FileKind.words());
      complaints.accept(
          new Complaint(
              entry.map(YamlMapping.Entry::place).orElse(Position.START),
              "'kind' %s: one of %s%s"
                  .formatted(
                      entry.isEmpty() ? "is missing" : "must say what the file holds",
                      String.join(", ", FileKind.words()),
                      hint.isEmpty() ? "" : "." + hint)));
    }
    return kind;
  }

  FileKind kind() {
    return kind;
  }

  /** Returns the value at {@code path}, if it was good. */
  <T> Optional<T> value(String path, Class<T> type) {
    return binder.bound(path, type);
  }

  /** Returns the names that {@code section} holds, also of what was refused. */
  List<String> names(String section) {
    return root.get(section).stream()
        .flatMap(node -> node instanceof YamlMapping m ? m.entries().stream() : Stream.empty())
        .map(YamlMapping.Entry::name)
        .toList();
  }

  /** Returns the paths of the items of the list {@code section}, also of those refused. */
  List<String> items(String section) {
    return items(Optional.of(root), "", section);
  }

  /** Returns the paths of the items of the list {@code key} of the mapping at {@code path}. */
  List<String> items(String path, String key) {
    return items(mapping(path), path + ".", key);
  }

  private Optional<YamlMapping> mapping(String path) {
    int bracket = path.indexOf('[');
    int index = Integer.parseInt(path.substring(bracket + 1, path.length() - 1));
    return root.get(path.substring(0, bracket))
        .flatMap(
            n -> n instanceof YamlSequence s ? Optional.of(s.items().get(index)) : Optional.empty())
        .flatMap(n -> n instanceof YamlMapping m ? Optional.of(m) : Optional.empty());
  }

  /** One item may stand without brackets. */
  private static List<String> items(Optional<YamlMapping> in, String prefix, String key) {
    int count =
        in.flatMap(m -> m.get(key))
            .map(n -> n instanceof YamlSequence s ? s.items().size() : 1)
            .orElse(0);
    return IntStream.range(0, count).mapToObj(i -> prefix + key + "[" + i + "]").toList();
  }

  /** Returns the rule at {@code path} that says {@code text}. */
  Rule rule(String path, String text) {
    return new Rule(file, locations.place(path).line(), text);
  }

  /** Returns {@code file:line} of {@code path}. */
  String place(String path) {
    return file + ":" + locations.place(path).line();
  }

  @FormatMethod
  void error(String path, @FormatString String message, Object... arguments) {
    problems.add(locations.error(path, message.formatted(arguments)));
  }

  @FormatMethod
  void warning(String path, @FormatString String message, Object... arguments) {
    problems.add(locations.warning(path, message.formatted(arguments)));
  }
}
