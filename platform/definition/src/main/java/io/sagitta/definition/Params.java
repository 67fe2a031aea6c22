package io.sagitta.definition;

import io.sagitta.definition.options.Binder;
import io.sagitta.definition.options.Nearest;
import io.sagitta.definition.options.Shape;
import io.sagitta.definition.options.Shapes;
import io.sagitta.definition.yaml.Complaint;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlNode;
import io.sagitta.definition.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The params of one definition and their values; read before all else, since texts hold them. */
final class Params {
  private final Map<String, Param.Value> values = new LinkedHashMap<>();
  private final Set<String> declared = new HashSet<>();
  private final References references;

  private Params(Map<String, String> secrets) {
    references = new References(values, declared, secrets);
  }

  /** Reads {@code spec.params} of {@code root}; complains of values that are none. */
  static Params of(YamlMapping root, Environment environment, Consumer<Complaint> complaints) {
    Params params = new Params(environment.secrets());
    Binder binder = new Binder(new References(Map.of(), Set.of(), Map.of()), complaint -> {});
    Shape shape = Shapes.of(Param.class);
    for (YamlMapping.Entry entry : declarations(root)) {
      params.declared.add(entry.name());
      // What is wrong with a declaration itself is said when the whole file is bound.
      binder
          .bind(shape, entry.value(), entry.name(), entry.place())
          .ifPresent(param -> params.value(entry, (Param) param, environment, complaints));
    }
    return params;
  }

  private static List<YamlMapping.Entry> declarations(YamlMapping root) {
    Optional<YamlNode> node =
        root.get("spec")
            .flatMap(s -> s instanceof YamlMapping m ? m.get("params") : Optional.empty());
    return node.isPresent() && node.get() instanceof YamlMapping params
        ? params.entries()
        : List.of();
  }

  private void value(
      YamlMapping.Entry entry,
      Param param,
      Environment environment,
      Consumer<Complaint> complaints) {
    String name = entry.name();
    Optional<YamlScalar> set = Optional.ofNullable(environment.params().get(name));
    param
        .defaultValue()
        .filter(scalar -> param.type().read(scalar).isEmpty())
        .ifPresent(
            scalar ->
                complaints.accept(
                    new Complaint(
                        scalar.at(), mistake("the default of '" + name + "'", param, scalar))));
    Optional<YamlScalar> meant = set.or(param::defaultValue);
    Optional<String> text = meant.flatMap(param.type()::read);
    text.ifPresent(t -> values.put(name, new Param.Value(param.type(), t)));
    if (meant.isEmpty() && !environment.isBroken()) {
      complaints.accept(
          new Complaint(
              entry.key().at(),
              "the param '%s' has no value. Give it a default, or set it in env/NAME.yaml and say --env NAME"
                  .formatted(name)));
    } else if (set.isPresent() && text.isEmpty()) {
      complaints.accept(
          new Complaint(
              entry.key().at(),
              mistake("the environment's value of '" + name + "'", param, set.get())));
    }
  }

  private static String mistake(String what, Param param, YamlScalar scalar) {
    return "%s must be %s, found %s".formatted(what, param.type().words(), scalar.words());
  }

  /** Returns complaints of values in {@code environment} that look like misspelt params. */
  List<Complaint> misspelt(Environment environment) {
    List<Complaint> misspelt = new ArrayList<>();
    environment
        .params()
        .forEach(
            (name, value) -> {
              if (!declared.contains(name)) {
                Nearest.to(name, declared)
                    .filter(near -> !environment.params().containsKey(near))
                    .ifPresent(
                        near ->
                            misspelt.add(
                                new Complaint(
                                    value.at(),
                                    "no definition read here has a param '%s'. Did you mean '%s'?"
                                        .formatted(name, near))));
              }
            });
    return misspelt;
  }

  /** Returns what texts refer to. */
  References references() {
    return references;
  }

  /** Returns the values as text, by name. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((name, value) -> texts.put(name, value.text()));
    return texts;
  }

  void warnOfUnused(Draft draft) {
    for (String name : new ArrayList<>(values.keySet())) {
      if (!references.used().contains(name)) {
        draft.warning(
            "spec.params." + name,
            "no text refers to the param '%s'. Remove it, or write ${param:%s}",
            name,
            name);
      }
    }
  }
}
