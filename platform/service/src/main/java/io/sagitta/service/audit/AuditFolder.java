package io.sagitta.service.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files of an audit log, read and checked.
 *
 * <p>Each record holds the hash of the one before, so that one that is changed, taken out, put in
 * or moved breaks the chain behind it. What the chain cannot show is that its end was cut off, or
 * that all of it was written anew; for that the file {@code head} holds the number and hash of the
 * last record. Who can write both can lie: keep heads elsewhere too ({@link Report#head}).
 */
public final class AuditFolder {
  static final String HEAD = "head";
  private static final String NAME = "audit-\\d{12}\\.jsonl";

  private final Path folder;

  /** Creates one; nothing is read yet. */
  public AuditFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * What checking found.
   *
   * @param records how many there are
   * @param first the number of the first: more than 1 where older files were taken away
   * @param head number and hash of the last
   * @param problems each with file and line; none if all is as it was written
   */
  public record Report(long records, long first, Optional<AuditHead> head, List<String> problems) {
    public Report {
      problems = List.copyOf(problems);
    }
  }

  /** Returns the files, oldest first. */
  List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().matches(NAME)).sorted().toList();
    }
  }

  Path file(long first) {
    return folder.resolve("audit-%012d.jsonl".formatted(first));
  }

  Path headFile() {
    return folder.resolve(HEAD);
  }

  /** Gives {@code reader} every line, oldest first. */
  public void read(Consumer<String> reader) throws IOException {
    for (Path file : files()) {
      try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          reader.accept(line);
        }
      }
    }
  }

  /** Checks every record, and the end. */
  public Report verify() throws IOException {
    return verify(Optional.empty());
  }

  /** Checks every record, the end, and that {@code kept}, a head that was kept, is among them. */
  public Report verify(Optional<AuditHead> kept) throws IOException {
    AuditChain chain =
        new AuditChain(Stream.of(storedHead(), kept).flatMap(Optional::stream).toList());
    for (Path file : files()) {
      chain.file(file);
    }
    return chain.report();
  }

  /** Returns the head that was written last. */
  Optional<AuditHead> storedHead() throws IOException {
    return Files.exists(headFile())
        ? AuditHead.parse(Files.readString(headFile(), UTF_8).strip())
        : Optional.empty();
  }
}
