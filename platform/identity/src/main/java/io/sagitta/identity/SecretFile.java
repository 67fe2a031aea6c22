package io.sagitta.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds one secret, and that others may not read. */
public final class SecretFile {
  private SecretFile() {}

  /**
   * Returns what {@code file} holds, without the end of its line.
   *
   * @throws IdentityException if it cannot be read, or others can read it too
   */
  public static String read(Path file) {
    try {
      PrivateFiles.checkPrivate(file);
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw new IdentityException("There is no secret in " + file + ".");
      }
      return secret;
    } catch (IOException e) {
      throw new IdentityException("The secret in " + file + " cannot be read: " + e, e);
    }
  }
}
