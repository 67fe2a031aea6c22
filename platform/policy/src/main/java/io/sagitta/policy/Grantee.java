package io.sagitta.policy;

import io.sagitta.definition.options.Written;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whom a rule names: a person, service or group by name, or a pipeline.
 *
 * @param name as written
 */
@Written(words = Grantee.WORDS, pattern = Grantee.PATTERN)
public record Grantee(String name) {
  static final String WORDS = "a person, service or group, or a pipeline as tenant/pipeline";
  static final String PATTERN = "[a-z][a-z0-9-]{0,62}(/[a-z][a-z0-9-]{0,62})?";
  private static final Pattern SYNTAX = Pattern.compile(PATTERN);

  /** Returns whom {@code text} names. */
  public static Optional<Grantee> parse(String text) {
    return SYNTAX.matcher(text).matches() ? Optional.of(new Grantee(text)) : Optional.empty();
  }

  /** Returns the pipeline, if it is one. */
  Optional<Resource.Pipeline> pipeline() {
    int slash = name.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : Optional.of(new Resource.Pipeline(name.substring(0, slash), name.substring(slash + 1)));
  }

  @Override
  public String toString() {
    return name;
  }
}
