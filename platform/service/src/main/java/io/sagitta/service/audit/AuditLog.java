package io.sagitta.service.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Writes an audit log: files of JSON lines that are only ever appended to, each line on disk before
 * {@link #write} returns. One process writes a folder. Thread-safe.
 */
public final class AuditLog implements AutoCloseable {
  private static final long MOST_FILE_BYTES = 64L << 20;

  private final AuditFolder folder;
  private final String role;
  private final Clock clock;
  private final long mostFileBytes;
  private final FileChannel lock;
  private FileChannel file;
  private AuditHead head;

  private AuditLog(
      AuditFolder folder,
      String role,
      Clock clock,
      long mostFileBytes,
      FileChannel lock,
      FileChannel file,
      AuditHead head) {
    this.folder = folder;
    this.role = role;
    this.clock = clock;
    this.mostFileBytes = mostFileBytes;
    this.lock = lock;
    this.file = file;
    this.head = head;
  }

  /**
   * Opens the log in {@code folder}, which is made if need be, behind what is there.
   *
   * @throws IOException if it cannot be written, another process does, or its end is no record:
   *     then {@code sagitta audit verify} says more
   */
  public static AuditLog open(Path folder, String role, Clock clock) throws IOException {
    return open(folder, role, clock, MOST_FILE_BYTES);
  }

  static AuditLog open(Path folder, String role, Clock clock, long mostFileBytes)
      throws IOException {
    Files.createDirectories(folder);
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    FileChannel lock = locked(folder);
    try {
      AuditFolder files = new AuditFolder(folder);
      List<Path> there = files.files();
      Path newest = there.isEmpty() ? files.file(1) : there.get(there.size() - 1);
      AuditHead head = end(there);
      FileChannel file = append(newest);
      return new AuditLog(files, role, clock, mostFileBytes, lock, file, head);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static FileChannel locked(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Refused below, like another process's.
    }
    if (lock == null) {
      channel.close();
      throw new IOException("another process writes the audit log in " + folder);
    }
    return channel;
  }

  /** Returns the last record of {@code files}, and takes off lines that were never finished. */
  private static AuditHead end(List<Path> files) throws IOException {
    for (int i = files.size() - 1; i >= 0; i--) {
      Optional<String> line = lastLine(files.get(i));
      if (line.isPresent()) {
        Path file = files.get(i);
        long n =
            AuditRecord.parse(line.get())
                .orElseThrow(() -> new IOException(file + " does not end with a record"))
                .n();
        return new AuditHead(n, AuditRecord.hash(line.get()));
      }
    }
    return new AuditHead(0, AuditRecord.NOTHING_BEFORE);
  }

  private static Optional<String> lastLine(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end < bytes.length) {
      // Whoever it was about got no answer: the process ended while it was being written.
      try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(end);
      }
    }
    if (end == 0) {
      return Optional.empty();
    }
    int from = end - 1;
    while (from > 0 && bytes[from - 1] != '\n') {
      from--;
    }
    return Optional.of(new String(bytes, from, end - 1 - from, UTF_8));
  }

  private static FileChannel append(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Writes {@code event}; it is on disk when this returns.
   *
   * @throws IOException if it is not: what it is about must not happen then
   */
  public synchronized void write(AuditEvent event) throws IOException {
    if (file.size() >= mostFileBytes) {
      file.close();
      file = append(folder.file(head.n() + 1));
    }
    AuditRecord record =
        new AuditRecord(head.n() + 1, clock.instant().toString(), role, event, head.hash());
    String line = record.line();
    long before = file.size();
    try {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(false);
    } catch (IOException e) {
      // Half a line, as of a full disk, must not stand before the next one.
      file.truncate(before);
      throw e;
    }
    head = new AuditHead(record.n(), AuditRecord.hash(line));
    storeHead();
  }

  private void storeHead() throws IOException {
    Path next = folder.headFile().resolveSibling(AuditFolder.HEAD + ".next");
    Files.writeString(next, head + "\n", UTF_8);
    Files.move(
        next,
        folder.headFile(),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns the end. */
  public synchronized AuditHead head() {
    return head;
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
    lock.close();
  }
}
