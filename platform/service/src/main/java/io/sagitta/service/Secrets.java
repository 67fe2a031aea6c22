package io.sagitta.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives credentials their values, on the machine that uses them. <code>${secret:board/password}
 * </code> is, whichever is there first:
 *
 * <ol>
 *   <li>the file {@code board.password} in {@code $CREDENTIALS_DIRECTORY}, where systemd puts what
 *       {@code LoadCredential=} names;
 *   <li>the file {@code board/password} in the folder {@code $SAGITTA_SECRETS}, which nobody but
 *       its owner may read;
 *   <li>the environment variable {@code SAGITTA_SECRET_BOARD_PASSWORD}.
 * </ol>
 *
 * Values never enter a message.
 */
public final class Secrets {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{secret:([^}]+)}");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
  private static final int MOST_BYTES = 64 << 10;

  /** systemd lets the service in by an access control list, whose mask shows as the group's. */
  private static final Set<PosixFilePermission> NOT_OF_SYSTEMD =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.copyOf(NOT_OF_SYSTEMD);

  static {
    OF_OTHERS.add(PosixFilePermission.GROUP_READ);
  }

  private static final Secrets OF_THIS_PROCESS = new Secrets(System.getenv());

  private final Map<String, String> environment;

  Secrets(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Returns {@code text} with its references replaced.
   *
   * @throws IllegalArgumentException if a secret is not there, or others may read it; says where to
   *     put it
   */
  public static String resolve(String text) {
    return OF_THIS_PROCESS.in(text);
  }

  String in(String text) {
    return REFERENCE.matcher(text).replaceAll(r -> Matcher.quoteReplacement(value(r.group(1))));
  }

  private String value(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of a secret: write words and slashes, such as board/password");
    }
    String variable =
        "SAGITTA_SECRET_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return file("CREDENTIALS_DIRECTORY", name.replace('/', '.'), NOT_OF_SYSTEMD)
        .or(() -> file("SAGITTA_SECRETS", name, OF_OTHERS))
        .or(() -> Optional.ofNullable(environment.get(variable)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Secret '%s' is not set; set %s in this process's environment, or put the file %s into the folder that SAGITTA_SECRETS names"
                        .formatted(name, variable, name)));
  }

  private Optional<String> file(
      String folderVariable, String name, Set<PosixFilePermission> refused) {
    String folder = environment.get(folderVariable);
    if (folder == null) {
      return Optional.empty();
    }
    Path file = Path.of(folder).resolve(name);
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(refused::contains)) {
        throw new IllegalArgumentException(
            "Secret file " + file + " may be read or written by others: chmod 600 " + file);
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new IllegalArgumentException(
            "Secret file " + file + " is larger than any credential; is it the right one?");
      }
      // Editors end the last line, and no password ends with one.
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\\R$", ""));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Secret file " + file + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }
}
