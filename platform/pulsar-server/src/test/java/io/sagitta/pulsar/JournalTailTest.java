package io.sagitta.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Journals as BookKeeper 4.17 writes them, made by hand; {@code LocalPulsarIT} has real ones. */
@Timeout(20)
final class JournalTailTest {
  private static final int HEADER_BYTES = 512;
  private static final int PADDING = -0x100;

  private final Path folder;
  private final ByteBuffer journal = ByteBuffer.allocate(1 << 16);

  JournalTailTest(@TempDir Path folder) {
    this.folder = folder;
    journal.putInt(0x424b4c47).putInt(6).position(HEADER_BYTES);
  }

  private void record(byte[] bytes) {
    journal.putInt(bytes.length).put(bytes);
  }

  /** An entry whose digest is right. */
  private static byte[] entry(int payloadBytes) {
    ByteBuffer entry = ByteBuffer.allocate(36 + payloadBytes);
    entry.putLong(7).putLong(3).putLong(2).putLong(payloadBytes).position(36);
    for (int i = 0; i < payloadBytes; i++) {
      entry.put((byte) (i % 100));
    }
    CRC32C digest = new CRC32C();
    digest.update(entry.array(), 0, 32);
    digest.update(entry.array(), 36, payloadBytes);
    entry.putInt(32, (int) digest.getValue());
    return entry.array();
  }

  private static byte[] torn(byte[] entry) {
    byte[] half = entry.clone();
    Arrays.fill(half, half.length / 2, half.length, (byte) 0);
    return half;
  }

  /** Writes the journal, mends it, and returns how many bytes of it are left. */
  private long mended() throws Exception {
    Path file = folder.resolve("19a.txn");
    Files.write(file, journal.array());
    boolean told = JournalTail.mend(folder).isPresent();
    long left = Files.size(file);
    assertThat(told).isEqualTo(left < journal.capacity());
    return left;
  }

  @Test
  void mend_lastEntryHalfWritten_cutsItOffAndNothingElse() throws Exception {
    record(entry(1_000));
    journal.putInt(PADDING).putInt(20).position(journal.position() + 20);
    record(entry(300));
    int before = journal.position();
    record(torn(entry(2_000)));
    assertThat(mended()).isEqualTo(before);
    assertThat(JournalTail.mend(folder)).as("a second time").isEmpty();
  }

  @Test
  void mend_wholeEntries_areLeft() throws Exception {
    record(entry(1_000));
    record(entry(101)); // Its last byte is zero, and was written.
    assertThat(mended()).isEqualTo(journal.capacity());
  }

  @Test
  void mend_halfWrittenEntryThatIsNotTheLast_isLeftToBookKeeper() throws Exception {
    record(torn(entry(2_000)));
    record(entry(300));
    assertThat(mended()).isEqualTo(journal.capacity());
  }

  @Test
  void mend_recordsThatAreNoEntries_areLeft() throws Exception {
    byte[] masterKey = new byte[40];
    ByteBuffer.wrap(masterKey).putLong(7).putLong(-0x1000);
    record(masterKey);
    assertThat(mended()).isEqualTo(journal.capacity());
  }

  @Test
  void mend_paddingOfANegativeLength_ends() throws Exception {
    record(entry(300));
    journal.putInt(PADDING).putInt(-16);
    record(torn(entry(2_000)));
    assertThat(mended()).isEqualTo(journal.capacity());
  }

  @Test
  void mend_lengthBeyondTheEnd_orAnotherVersion_isLeft() throws Exception {
    record(entry(300));
    journal.putInt(1 << 20);
    assertThat(mended()).isEqualTo(journal.capacity());
    record(torn(entry(2_000)));
    journal.putInt(4, 4);
    assertThat(mended()).isEqualTo(journal.capacity());
  }

  @Test
  void mend_noJournalYet_isNothing() throws Exception {
    assertThat(JournalTail.mend(folder)).isEmpty();
    assertThat(JournalTail.mend(folder.resolve("absent"))).isEmpty();
  }
}
