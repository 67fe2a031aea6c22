package io.sagitta.pulsar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A class archive that one server's JVM writes as its last act; of use to others only once it is
 * published.
 *
 * @param file what the JVM writes
 * @param archive what it becomes
 */
record ArchiveDraft(Path file, Path archive) {
  static final String PREFIX = "server-";
  static final String ARCHIVE = ".jsa";
  private static final String DRAFT = ".draft";

  /** A new draft of {@code archive}; none where its folder cannot be written to. */
  static Optional<ArchiveDraft> beside(Path archive) {
    if (!Files.isWritable(archive.resolveSibling("."))) {
      return Optional.empty();
    }
    Path file = archive.resolveSibling(PREFIX + UUID.randomUUID() + DRAFT);
    return Optional.of(new ArchiveDraft(file, archive));
  }

  /**
   * Makes the draft the archive, and drops those of earlier jars or JVMs; running servers keep what
   * they have opened.
   */
  void publish() throws IOException {
    if (!Files.exists(file)) {
      return; // Somebody else published meanwhile and dropped it, or the JVM could not write it:
      // the next stop may.
    }
    Files.move(file, archive, StandardCopyOption.ATOMIC_MOVE);
    try (Stream<Path> files = Files.list(archive.resolveSibling("."))) {
      for (Path other : files.filter(ArchiveDraft::isArchiveOrDraft).toList()) {
        if (!other.getFileName().equals(archive.getFileName())) {
          Files.deleteIfExists(other);
        }
      }
    }
  }

  void discard() throws IOException {
    Files.deleteIfExists(file);
  }

  private static boolean isArchiveOrDraft(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(PREFIX) && (name.endsWith(ARCHIVE) || name.endsWith(DRAFT));
  }
}
