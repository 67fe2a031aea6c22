package io.sagitta.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small disk of its own under a folder, which can be filled to the last byte. */
final class Disk implements AutoCloseable {
  private static final String SIZE = "size=32m";
  private static final int BLOCK = 64 << 10;
  private static final int MOST_BLOCKS = 1 << 10;

  private final Path folder;

  private Disk(Path folder) {
    this.folder = folder;
  }

  /** Puts one under {@code folder}. */
  static Disk mount(Path folder) throws InterruptedException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + folder, e);
    }
    Commands.run("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", folder.toString());
    return new Disk(folder);
  }

  /** Fills it. */
  void fill() {
    try (OutputStream filler = Files.newOutputStream(filler())) {
      for (int i = 0; i < MOST_BLOCKS; i++) {
        filler.write(new byte[BLOCK]);
      }
    } catch (IOException e) {
      return; // No space is left: that is what it is for.
    }
    throw new TortureException("The disk under " + folder + " does not get full");
  }

  /** Frees it. */
  void free() {
    try {
      Files.deleteIfExists(filler());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot free " + folder, e);
    }
  }

  /** Takes it away; who still has files on it keeps them until it closes them. */
  @Override
  public void close() {
    try {
      Commands.run("umount", "--lazy", folder.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }
}
