package io.sagitta.policy;

import io.sagitta.definition.options.Written;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A folder, absolute or below the folder where a node's relative paths start. It is never a whole
 * disk, and never holds a path with {@code ..} in it.
 *
 * @param text without a slash at its end, and without {@code .}
 */
@Written(words = FolderPath.WORDS, pattern = FolderPath.PATTERN)
public record FolderPath(String text) {
  static final String WORDS =
      "a folder such as lake/flights or /srv/exports, without '..', and not the whole disk";
  static final String PATTERN = "/?[^/\\x00-\\x1f:*?\\[{]+(/[^/\\x00-\\x1f:*?\\[{]+)*/?";
  private static final Pattern SYNTAX = Pattern.compile(PATTERN);
  private static final Pattern GLOB = Pattern.compile(".*[*?\\[{].*");

  /** Returns the folder that {@code text} names. */
  public static Optional<FolderPath> parse(String text) {
    if (!SYNTAX.matcher(text).matches()) {
      return Optional.empty();
    }
    List<String> parts = parts(text);
    return parts.isEmpty() || parts.contains("..")
        ? Optional.empty()
        : Optional.of(new FolderPath((text.startsWith("/") ? "/" : "") + String.join("/", parts)));
  }

  /** Returns whether {@code path}, which may end in a glob, can only be in this folder or below. */
  boolean holds(String path) {
    List<String> wanted = parts(path);
    List<String> own = parts(text);
    // Globs begin below: no part of this folder holds one.
    return path.startsWith("/") == text.startsWith("/")
        && !wanted.contains("..")
        && wanted.size() >= own.size()
        && wanted.subList(0, own.size()).equals(own);
  }

  /** Returns the folder that holds the file, folder or glob {@code path}, or is it. */
  static Optional<FolderPath> around(String path) {
    List<String> all = parts(path);
    List<String> certain = all.stream().takeWhile(part -> !GLOB.matcher(part).matches()).toList();
    boolean file = certain.size() == all.size() && all.size() > 1 && path.matches(".*\\.[^/]*$");
    List<String> folder = file ? certain.subList(0, certain.size() - 1) : certain;
    return parse((path.startsWith("/") ? "/" : "") + String.join("/", folder));
  }

  private static List<String> parts(String path) {
    return Arrays.stream(path.split("/"))
        .filter(part -> !part.isEmpty() && !part.equals("."))
        .toList();
  }

  @Override
  public String toString() {
    return text;
  }
}
