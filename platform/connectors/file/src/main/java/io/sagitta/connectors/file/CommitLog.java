package io.sagitta.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.connectors.FencedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The commits of one task in a folder of files, as records {@code _sagitta/<task>/<number>.json}.
 *
 * <p>A record is written whole under another name, and gets its own by a hard link, which fails if
 * there is one of that number: so one of several writers wins, and nobody reads half a record.
 * Opening the log appends a record too; the writer before then loses, since its next number is
 * taken. Only the last record counts. Earlier ones are deleted, so that a number may look free to a
 * writer that was away for long: therefore a writer has won only if no later record exists once its
 * own does. What a commit is made of lies in a folder named after the owner's first record, which
 * later owners delete and earlier ones leave alone.
 *
 * <p>A record lists the files that its commit makes visible by renaming. They are renamed after the
 * record is safe, and again, as far as needed, whenever the log is opened.
 */
final class CommitLog {
  private static final int LONGEST_NAME = 120;
  private static final String SUFFIX = ".json";
  private static final String STAGING = ".staging";
  private static final String CLAIM = ".draft";

  private final Path root;
  private final Path folder;
  private Path staging;
  private final String owner;
  private final String task;
  private CommitRecord last;
  private boolean unfinished;

  private CommitLog(Path root, Path folder, String task, String owner) {
    this.root = root;
    this.folder = folder;
    this.task = task;
    this.owner = owner;
    this.staging = folder;
    this.last = CommitRecord.NONE;
  }

  /** Makes a new owner of {@code task}; whoever owned it before cannot commit any more. */
  static CommitLog claim(Path root, String task) throws IOException {
    Path folder = root.resolve("_sagitta").resolve(fileName(task));
    CommitLog log = new CommitLog(root, folder, task, UUID.randomUUID().toString());
    Files.createDirectories(folder);
    do {
      log.last = log.latest();
    } while (!log.append(folder.resolve(log.owner + CLAIM), log.last.step(), log.last.files()));
    log.staging = Files.createDirectories(folder.resolve(name(log.last.number()) + STAGING));
    log.finish(log.last.files());
    log.unfinished = false;
    log.deleteWhatEarlierOwnersLeft();
    return log;
  }

  /** Returns a name for {@code task} that no other task has, and any file system takes. */
  static String fileName(String task) {
    StringBuilder name = new StringBuilder();
    for (byte b : task.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_');
      name.append(plain ? String.valueOf(c) : "%%%02x".formatted((int) c));
    }
    return name.length() <= LONGEST_NAME
        ? name.toString()
        : name.substring(0, LONGEST_NAME - 36) + UUID.nameUUIDFromBytes(task.getBytes(UTF_8));
  }

  /** Returns the task's name as part of a file name. */
  String fileName() {
    return fileName(task).replace("%2f", "-");
  }

  /** Returns whether the task has another owner since. */
  boolean superseded() throws IOException {
    return !latest().owner().equals(owner);
  }

  long step() {
    return last.step();
  }

  /** Returns a folder for files that are not finished. */
  Path staging() {
    return staging;
  }

  String owner() {
    return owner;
  }

  /**
   * Makes {@code files} visible and {@code step} the last committed step.
   *
   * @param files written and forced to disk, below {@link #staging}
   */
  void commit(long step, List<CommitRecord.Staged> files) throws IOException, FencedException {
    if (!append(staging.resolve(owner + CLAIM), step, files)) {
      throw fenced();
    }
    finish(files);
    unfinished = false;
    deleteBefore(last.number());
  }

  FencedException fenced() {
    return new FencedException(
        "Task "
            + task
            + " has another owner since, who goes on after step "
            + last.step()
            + " in "
            + root);
  }

  private boolean append(Path draft, long step, List<CommitRecord.Staged> files)
      throws IOException {
    CommitRecord record = new CommitRecord(last.number() + 1, step, owner, files);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(record.toJson()));
      channel.force(true);
    }
    Path name = folder.resolve(name(record.number()) + SUFFIX);
    unfinished = true;
    try {
      Files.createLink(name, draft);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      // The number is taken, or a later owner has deleted the draft.
      unfinished = false;
      return false;
    } catch (UnsupportedOperationException e) {
      throw new IOException("The file system of " + folder + " has no hard links", e);
    } finally {
      Files.deleteIfExists(draft);
    }
    force(folder);
    if (numbers().last() > record.number()) {
      Files.deleteIfExists(name);
      return false;
    }
    last = record;
    return true;
  }

  private void finish(List<CommitRecord.Staged> files) throws IOException {
    TreeSet<Path> folders = new TreeSet<>();
    for (CommitRecord.Staged file : files) {
      Path to = root.resolve(file.to());
      Path parent = to.getParent();
      Path from = root.resolve(file.from());
      if (parent != null && Files.exists(from)) {
        Files.createDirectories(parent);
        try {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
          // The owner that lost its task, or its successor, renames too: either may be first.
          continue;
        }
        for (Path f = parent; f.startsWith(root) && folders.add(f); f = parentOf(f)) {}
      }
    }
    for (Path changed : folders) {
      force(changed);
    }
  }

  private static Path parentOf(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private CommitRecord latest() throws IOException {
    while (true) {
      NavigableSet<Long> numbers = numbers();
      if (numbers.isEmpty()) {
        return CommitRecord.NONE;
      }
      try {
        return CommitRecord.ofJson(
            Files.readAllBytes(folder.resolve(name(numbers.last()) + SUFFIX)));
      } catch (NoSuchFileException e) {
        // Another owner has gone on in between and deleted it: look again.
      }
    }
  }

  private NavigableSet<Long> numbers() throws IOException {
    NavigableSet<Long> numbers = new TreeSet<>();
    try (DirectoryStream<Path> records = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path record : records) {
        String name = String.valueOf(record.getFileName());
        numbers.add(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
      }
    }
    return numbers;
  }

  private static String name(long number) {
    return "%019d".formatted(number);
  }

  private void deleteBefore(long number) throws IOException {
    for (long earlier : numbers().headSet(number)) {
      Files.deleteIfExists(folder.resolve(name(earlier) + SUFFIX));
    }
  }

  /** Never what belongs to a later owner, however long this one was away since its claim. */
  private void deleteWhatEarlierOwnersLeft() throws IOException {
    deleteBefore(last.number());
    List<Path> stale = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        boolean earlier =
            name.endsWith(STAGING) && name.compareTo(name(last.number()) + STAGING) < 0;
        if (earlier || name.endsWith(CLAIM)) {
          stale.add(entry);
        }
      }
    }
    for (Path entry : stale) {
      try {
        Folders.delete(entry);
      } catch (DirectoryNotEmptyException e) {
        // Its owner is still writing: the next one deletes it.
      }
    }
  }

  /** Writes what the system holds of {@code path} to the disk. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Deletes what was not committed. Files of a commit that has a record and did not end are left
   * alone: a later owner may have read the record, even one that lost and was deleted again. It
   * renames them, and deletes the rest.
   */
  void close() throws IOException {
    if (!unfinished) {
      Folders.delete(staging);
    }
  }
}
