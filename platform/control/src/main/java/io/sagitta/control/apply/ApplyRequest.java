package io.sagitta.control.apply;

import java.util.Map;
import java.util.Objects;

/**
 * What somebody wants to run.
 *
 * @param definition the YAML text
 * @param env the YAML text of the environment's overlay, or empty
 * @param file how the user calls the definition's file, for messages
 * @param envFile how the user calls the overlay's file, for messages
 * @param author who asks
 * @param commit the git commit it comes from, or empty
 * @param tables content of each file table, as Arrow IPC streams in Base64
 */
public record ApplyRequest(
    String definition,
    String env,
    String file,
    String envFile,
    String author,
    String commit,
    Map<String, String> tables) {
  public ApplyRequest {
    // A key that JSON leaves out is null here.
    definition = Objects.requireNonNullElse(definition, "");
    env = Objects.requireNonNullElse(env, "");
    file = orElse(file, "definition.yaml");
    envFile = orElse(envFile, "env.yaml");
    author = orElse(author, "unknown");
    commit = Objects.requireNonNullElse(commit, "");
    tables = tables == null ? Map.of() : Map.copyOf(tables);
  }

  /** Returns this as asked by {@code somebody}. */
  public ApplyRequest by(String somebody) {
    return new ApplyRequest(definition, env, file, envFile, somebody, commit, tables);
  }

  private static String orElse(String text, String other) {
    return text == null || text.isBlank() ? other : text;
  }
}
