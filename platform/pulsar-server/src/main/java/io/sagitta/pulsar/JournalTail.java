package io.sagitta.pulsar;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The end of a bookie's journal after a crash: takes away a record that was half written.
 *
 * <p>A journal's file is as long from the start as it may become, so a record that a crash cut off
 * goes on with zeros and looks whole to the bookie, which replays it as if it were an entry
 * (BookKeeper 4.17, {@code Journal.scanJournal}: a record has a length and no checksum). Whoever
 * then recovers the entry's ledger meets an entry with a wrong digest and fails, and with one
 * bookie there is no other copy: the topic cannot be opened any more. Nobody was ever told that the
 * record is kept, because that is said after it is written whole; so it is cut off.
 *
 * <p>Only the very last record of the newest file is looked at, and only an entry whose last byte
 * is zero and whose digest (CRC-32C, Pulsar's own choice) is wrong is taken for torn. All else is
 * left to BookKeeper.
 */
final class JournalTail {
  private static final String SUFFIX = ".txn";
  private static final int MAGIC = 0x424b4c47; // "BKLG"
  private static final int FIRST_VERSION = 5;
  private static final int LAST_VERSION = 6;
  private static final int HEADER_BYTES = 512;
  private static final int PADDING = -0x100;

  /** An entry: ledger, entry, last confirmed entry, length (8 bytes each), digest (4), payload. */
  private static final int ENTRY_ID_AT = 8;

  private static final int DIGEST_AT = 32;
  private static final int PAYLOAD_AT = 36;

  private final FileChannel file;
  private final ByteBuffer window = ByteBuffer.allocate(1 << 16).limit(0);
  private long windowStart;

  /**
   * Where a record is.
   *
   * @param at where its length stands
   * @param bytes how long it is, without the four bytes of its length
   */
  record Place(long at, int bytes) {
    long end() {
      return at + Integer.BYTES + bytes;
    }
  }

  JournalTail(FileChannel file) {
    this.file = file;
  }

  /**
   * Cuts off the record at the end of the newest journal in {@code folder} if it was written in
   * part only. Nobody else may have the journals open.
   *
   * @return what was cut off where; empty if nothing had to be, or there is no journal yet
   */
  static Optional<String> mend(Path folder) throws IOException {
    Optional<Path> newest = newest(folder);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    try (FileChannel file =
        FileChannel.open(newest.get(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      JournalTail tail = new JournalTail(file);
      Optional<Place> last = tail.lastRecord();
      if (last.isEmpty() || !tail.isTorn(last.get())) {
        return Optional.empty();
      }
      file.truncate(last.get().at());
      file.force(true);
      return Optional.of(
          "%s: cut off the last record, of %d bytes from %d on, which a crash left half written"
              .formatted(newest.get(), last.get().bytes(), last.get().at()));
    }
  }

  static Optional<Path> newest(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(path -> path.getFileName().toString().matches("[0-9a-f]+\\" + SUFFIX))
          .max(Comparator.comparingLong(JournalTail::number));
    }
  }

  private static long number(Path journal) {
    String name = journal.getFileName().toString();
    return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()), 16);
  }

  /**
   * The last record that BookKeeper would replay; empty for none, or for a file of another kind.
   */
  Optional<Place> lastRecord() throws IOException {
    Optional<Place> last = Optional.empty();
    try {
      int version = intAt(Integer.BYTES);
      if (intAt(0) != MAGIC || version < FIRST_VERSION || version > LAST_VERSION) {
        return Optional.empty();
      }
      long at = HEADER_BYTES;
      for (int bytes = intAt(at); bytes > 0 || bytes == PADDING; bytes = intAt(at)) {
        if (bytes == PADDING) {
          int padding = intAt(at + Integer.BYTES);
          if (padding < 0) {
            return last; // Damaged: BookKeeper says so.
          }
          at += 2 * Integer.BYTES + padding;
        } else if (at + Integer.BYTES + bytes > file.size()) {
          return last;
        } else {
          last = Optional.of(new Place(at, bytes));
          at = last.get().end();
        }
      }
      return last;
    } catch (EOFException e) {
      return last; // A journal may end anywhere; BookKeeper stops here likewise.
    }
  }

  private boolean isTorn(Place place) throws IOException {
    ByteBuffer entry = read(place);
    if (entry.limit() < PAYLOAD_AT
        || entry.getLong(ENTRY_ID_AT) < 0
        || entry.get(entry.limit() - 1) != 0) {
      return false;
    }
    CRC32C digest = new CRC32C();
    digest.update(entry.slice(0, DIGEST_AT));
    digest.update(entry.slice(PAYLOAD_AT, entry.limit() - PAYLOAD_AT));
    return (int) digest.getValue() != entry.getInt(DIGEST_AT);
  }

  /** A record's bytes without its length. */
  ByteBuffer read(Place place) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(place.bytes());
    fill(record, place.at() + Integer.BYTES);
    return record;
  }

  private int intAt(long position) throws IOException {
    long within = position - windowStart;
    if (within < 0 || within + Integer.BYTES > window.limit()) {
      window.clear();
      windowStart = position;
      int read = file.read(window, position);
      window.limit(Math.max(0, read));
      within = 0;
      if (read < Integer.BYTES) {
        throw new EOFException("The journal ends at " + (position + Math.max(0, read)));
      }
    }
    return window.getInt((int) within);
  }

  private void fill(ByteBuffer into, long position) throws IOException {
    while (into.hasRemaining()) {
      if (file.read(into, position + into.position()) < 0) {
        throw new EOFException("The journal ends before " + (position + into.limit()));
      }
    }
    into.flip();
  }
}
