package io.sagitta.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The file with the hashes of people's passwords, readable by its owner alone: a line for each
 * person, their name and the hash. It is looked at for each login, so a change needs no restart.
 * Thread-safe.
 */
public final class Logins {
  private final Path file;
  private volatile Loaded loaded;

  private record Loaded(List<Object> stamp, Map<String, PasswordHash> hashes) {}

  private Logins(Path file) {
    this.file = file;
    this.loaded = load();
  }

  /**
   * Opens {@code file}; nobody has a password if there is none.
   *
   * @throws IdentityException if it cannot be read, or others can read it too
   */
  public static Logins in(Path file) {
    return new Logins(file);
  }

  /**
   * Returns the hash of the password that {@code name} has.
   *
   * @throws IdentityException if the file was changed and cannot be read: what it held before may
   *     be somebody's password no longer
   */
  public Optional<PasswordHash> of(String name) {
    Loaded now = loaded;
    if (!stamp().equals(now.stamp())) {
      now = load();
      loaded = now;
    }
    return Optional.ofNullable(now.hashes().get(name));
  }

  /** Gives {@code name} a password in {@code file}, which is made if there is none. */
  public static void put(Path file, String name, PasswordHash hash) {
    change(file, new Identity.Subject(name).name(), Optional.of(hash));
  }

  /** Takes the password of {@code name} away; returns whether there was one. */
  public static boolean remove(Path file, String name) {
    return change(file, name, Optional.empty());
  }

  private static boolean change(Path file, String name, Optional<PasswordHash> hash) {
    Map<String, PasswordHash> hashes = new TreeMap<>(in(file).loaded.hashes());
    boolean had = hashes.remove(name) != null;
    hash.ifPresent(h -> hashes.put(name, h));
    StringBuilder text = new StringBuilder();
    hashes.forEach((who, h) -> text.append(who).append(' ').append(h.text()).append('\n'));
    try {
      PrivateFiles.write(file, text.toString());
    } catch (IOException e) {
      throw new IdentityException("The passwords cannot be written to " + file + ": " + e, e);
    }
    return had;
  }

  private List<Object> stamp() {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return List.of(
          attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new IdentityException("The passwords in " + file + " cannot be read: " + e, e);
    }
  }

  private Loaded load() {
    List<Object> stamp = stamp();
    if (stamp.isEmpty()) {
      return new Loaded(stamp, Map.of());
    }
    try {
      PrivateFiles.checkPrivate(file);
      Map<String, PasswordHash> hashes = new TreeMap<>();
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        String[] parts = line.split(" ", -1);
        if (parts.length != 2) {
          throw new IdentityException(
              "%s:%d is no line of a name and a hash, as 'sagitta security password' writes them."
                  .formatted(file, number));
        }
        hashes.put(parts[0], PasswordHash.parse(parts[1]));
      }
      return new Loaded(stamp, Map.copyOf(hashes));
    } catch (IOException e) {
      throw new IdentityException("The passwords in " + file + " cannot be read: " + e, e);
    }
  }
}
