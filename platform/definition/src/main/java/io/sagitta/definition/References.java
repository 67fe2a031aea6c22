package io.sagitta.definition;

import io.sagitta.definition.options.Nearest;
import io.sagitta.definition.options.Syntax;
import io.sagitta.definition.options.TextRules;
import io.sagitta.definition.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts in what {@code ${param:name}} and {@code ${secret:name}} stand for.
 *
 * <p>In SQL a param becomes one literal of its type, and may stand only where a literal may: not
 * inside quotes or comments, and touching no word. So no value, wherever it comes from, changes
 * what a query does. In a path it becomes one name, without slashes, that is not {@code ..}. A
 * secret keeps its reference: whoever connects looks it up.
 */
final class References implements TextRules {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{([A-Za-z_]{1,20})(?::([^}\\n]{0,600}))?}");
  private static final Pattern PATH_NAME = Pattern.compile("[A-Za-z0-9_=.+-]{1,200}");

  private final Map<String, Param.Value> params;
  private final Set<String> declared;
  private final Map<String, String> secrets;
  private final Map<String, List<Replacement>> replacements = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  /** A piece of text that stands for another; indices count chars. */
  record Replacement(int from, int to, int originalFrom, int originalTo) {}

  /**
   * Creates the references of one definition.
   *
   * @param params values of the params that have one
   * @param declared names of all params
   * @param secrets names of secrets, by the name in the definition where they differ
   */
  References(Map<String, Param.Value> params, Set<String> declared, Map<String, String> secrets) {
    this.params = params;
    this.declared = declared;
    this.secrets = secrets;
  }

  /** Returns what was put in, by path. */
  Map<String, List<Replacement>> replacements() {
    return replacements;
  }

  /** Returns the names of the params that a text refers to. */
  Set<String> used() {
    return used;
  }

  @Override
  public Optional<String> resolve(
      String path, YamlScalar scalar, Syntax syntax, Consumer<String> complain) {
    String text = scalar.text();
    return switch (syntax.references()) {
      case NONE -> refuseAny(text, complain);
      case SECRETS -> secret(text, complain);
      case PARAMS_AS_LITERALS -> withParams(path, text, true, complain);
      case PARAMS_AS_NAMES -> withParams(path, text, false, complain);
    };
  }

  private static Optional<String> refuseAny(String text, Consumer<String> complain) {
    Matcher matcher = REFERENCE.matcher(text);
    if (!matcher.find()) {
      return Optional.of(text);
    }
    complain.accept(misplaced(matcher));
    return Optional.empty();
  }

  private static String misplaced(Matcher reference) {
    return switch (reference.group(1)) {
      case "secret" ->
          "a secret may stand only in user and password: everything else stays visible. Write the value out";
      case "param" -> "a param may stand only in query, expect and path. Write the value out";
      default ->
          "'%s' refers to nothing. There are ${param:name} in query, expect and path, and ${secret:name} in user and password"
              .formatted(reference.group());
    };
  }

  private Optional<String> secret(String text, Consumer<String> complain) {
    Matcher matcher = REFERENCE.matcher(text);
    if (!matcher.find()) {
      return Optional.of(text);
    }
    String name = Optional.ofNullable(matcher.group(2)).orElse("");
    if (!matcher.group(1).equals("secret")) {
      complain.accept(misplaced(matcher));
    } else if (!matcher.group().equals(text)) {
      complain.accept(
          "a secret must be the whole value: write \"${secret:name}\" and nothing beside it");
    } else if (!Syntax.SECRET.pattern().matcher(name).matches()) {
      complain.accept("'%s' is not %s".formatted(name, Syntax.SECRET.words()));
    } else {
      return Optional.of("${secret:" + secrets.getOrDefault(name, name) + "}");
    }
    return Optional.empty();
  }

  private Optional<String> withParams(
      String path, String text, boolean sql, Consumer<String> complain) {
    Matcher matcher = REFERENCE.matcher(text);
    BitSet bare = sql && text.contains("${") ? SqlText.bare(text) : new BitSet();
    StringBuilder result = new StringBuilder();
    List<Replacement> made = new ArrayList<>();
    boolean good = true;
    int last = 0;
    while (matcher.find()) {
      Optional<String> value =
          matcher.group(1).equals("param")
              ? param(matcher, text, sql, bare, complain)
              : refuseAny(matcher.group(), complain);
      good &= value.isPresent();
      result.append(text, last, matcher.start());
      int from = result.length();
      result.append(value.orElse(""));
      made.add(new Replacement(from, result.length(), matcher.start(), matcher.end()));
      last = matcher.end();
    }
    result.append(text, last, text.length());
    if (!made.isEmpty()) {
      replacements.put(path, made);
    }
    return good ? Optional.of(result.toString()) : Optional.empty();
  }

  private Optional<String> param(
      Matcher reference, String text, boolean sql, BitSet bare, Consumer<String> complain) {
    String name = Optional.ofNullable(reference.group(2)).orElse("");
    if (!declared.contains(name)) {
      complain.accept(
          "there is no param '%s'.%s"
              .formatted(
                  name,
                  Nearest.to(name, declared)
                      .map(" Did you mean '%s'?"::formatted)
                      .orElse(" Declare it in spec.params")));
      return Optional.empty();
    }
    used.add(name);
    Param.Value value = params.get(name);
    if (value == null) {
      return Optional.empty(); // What is wrong with the param was said where it is declared.
    }
    Optional<String> mistake =
        sql ? sqlMistake(reference, text, bare) : pathMistake(name, value.text());
    mistake.ifPresent(complain);
    return mistake.isPresent()
        ? Optional.empty()
        : Optional.of(sql ? value.type().literal(value.text()) : value.text());
  }

  private static Optional<String> sqlMistake(Matcher reference, String text, BitSet bare) {
    if (!bare.get(reference.start())) {
      return Optional.of(
          "%s stands inside quotes or a comment. Take them off: a param becomes a literal, quotes and all"
              .formatted(reference.group()));
    }
    boolean touches =
        (reference.start() > 0 && joins(text.charAt(reference.start() - 1)))
            || (reference.end() < text.length() && joins(text.charAt(reference.end())));
    return touches
        ? Optional.of("put a space around %s: it becomes a literal".formatted(reference.group()))
        : Optional.empty();
  }

  private static boolean joins(char c) {
    return Character.isLetterOrDigit(c) || "_$'\"{}.".indexOf(c) >= 0;
  }

  private static Optional<String> pathMistake(String name, String value) {
    boolean good = PATH_NAME.matcher(value).matches() && !value.equals(".") && !value.equals("..");
    return good
        ? Optional.empty()
        : Optional.of(
            "param '%s' is '%s', which is not one name in a path: letters, digits and _ = . + -"
                .formatted(name, value));
  }
}
