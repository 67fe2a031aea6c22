package io.sagitta.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file's bytes as they were at one moment, so that what is checked is what is sent. */
final class FileBytes {
  // The reader refuses far smaller files; this only keeps a huge one out of memory.
  private static final int MOST_BYTES = 16 << 20;

  private final Path path;
  private final byte[] bytes;

  private FileBytes(Path path, byte[] bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  static FileBytes of(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return new FileBytes(path, in.readNBytes(MOST_BYTES));
    } catch (IOException e) {
      throw CommandFailure.failed("Cannot read " + path + ": " + e.getMessage());
    }
  }

  Path path() {
    return path;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Returns the bytes as UTF-8. */
  String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
