package io.sagitta.service.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

  private final Path folder;
  private final AuditFolder files;

  AuditLogTest(@TempDir Path dir) {
    this.folder = dir.resolve("audit");
    this.files = new AuditFolder(folder);
  }

  private AuditLog open() throws IOException {
    return AuditLog.open(folder, "control", CLOCK, 1_000);
  }

  private static AuditEvent event(String object) {
    return new AuditEvent(
        "subject.ada", "certificate", "127.0.0.1:5", "pause", object, "allowed", "a.yaml:3", 1);
  }

  private void write(int records) throws IOException {
    try (AuditLog log = open()) {
      for (int i = 0; i < records; i++) {
        log.write(event("pipeline t/p" + i));
      }
    }
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    files.read(lines::add);
    return lines;
  }

  @Test
  void write_manyRecords_chainsThemOverFilesAndRestarts() throws Exception {
    write(5);
    write(7);
    AuditFolder.Report report = files.verify();
    assertThat(report.problems()).isEmpty();
    assertThat(report.records()).isEqualTo(12);
    assertThat(report.first()).isEqualTo(1);
    assertThat(report.head().map(AuditHead::n)).hasValue(12L);
    assertThat(files.files()).hasSizeGreaterThan(2);
    assertThat(AuditRecord.parse(lines().get(8)).orElseThrow().event().object())
        .isEqualTo("pipeline t/p3");
  }

  @Test
  void write_namesWithLineBreaks_forgeNoLine() throws Exception {
    String forged = "x\r\n{\"n\":2,\"who\":\"nobody\"}\u2028\u0000";
    try (AuditLog log = open()) {
      log.write(event(forged));
    }
    assertThat(lines()).hasSize(1);
    assertThat(AuditRecord.parse(lines().get(0)).orElseThrow().event().object()).isEqualTo(forged);
    assertThat(files.verify().problems()).isEmpty();
  }

  @Test
  void write_hugeName_isCut() throws Exception {
    try (AuditLog log = open()) {
      log.write(event("x".repeat(1_000_000)));
    }
    assertThat(lines().get(0).length()).isLessThan(2_000);
  }

  @Test
  void verify_changedRemovedSwappedInserted_isFound() throws Exception {
    write(3);
    Path file = files.files().get(0);
    String text = Files.readString(file);
    List<String> all = Files.readAllLines(file);
    assertThat(all).hasSizeGreaterThanOrEqualTo(3);
    assertBroken(file, text.replace("t/p1", "t/p9"), "was changed");
    assertBroken(file, all.get(0) + "\n" + all.get(2) + "\n", "record 3 follows record 1");
    assertBroken(
        file, all.get(1) + "\n" + all.get(0) + "\n" + all.get(2) + "\n", "follows record 2");
    assertBroken(
        file,
        all.get(0) + "\n" + all.get(0) + "\n" + all.get(1) + "\n" + all.get(2) + "\n",
        "follows record 1");
    assertBroken(file, "nonsense\n" + text, "is no record");
  }

  private void assertBroken(Path file, String text, String problem) throws IOException {
    Files.writeString(file, text);
    assertThat(files.verify().problems()).anySatisfy(p -> assertThat(p).contains(problem));
  }

  @Test
  void verify_endCutOff_isFoundByTheHead() throws Exception {
    write(3);
    Path file = files.files().get(0);
    List<String> all = Files.readAllLines(file);
    Files.writeString(file, all.get(0) + "\n" + all.get(1) + "\n");
    assertThat(files.verify().problems()).singleElement().asString().contains("the end is missing");
  }

  @Test
  void verify_endAndHeadRewritten_isFoundByAHeadKeptElsewhere() throws Exception {
    write(3);
    AuditHead kept = files.verify().head().orElseThrow();
    Files.delete(files.files().get(0));
    Files.delete(files.headFile());
    write(3);
    Files.writeString(
        files.files().get(0), Files.readString(files.files().get(0)).replace("ada", "eve"));
    assertThat(files.verify(Optional.of(kept)).problems()).isNotEmpty();
    Files.delete(files.files().get(0));
    Files.delete(files.headFile());
    try (AuditLog log = open()) {
      log.write(event("pipeline other"));
    }
    assertThat(files.verify().problems()).isEmpty();
    assertThat(files.verify(Optional.of(kept)).problems())
        .singleElement()
        .asString()
        .contains("the end is missing");
  }

  @Test
  void open_unfinishedLine_goesOnBehindTheLastWholeOne() throws Exception {
    write(2);
    Path file = files.files().get(0);
    Files.writeString(file, Files.readString(file) + "{\"n\":3,\"at\":\"20");
    write(1);
    assertThat(files.verify().problems()).isEmpty();
    assertThat(files.verify().records()).isEqualTo(3);
  }

  @Test
  void open_twice_isRefused() throws Exception {
    try (AuditLog log = open()) {
      assertThat(log.head().n()).isZero();
      assertThatThrownBy(this::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another");
    }
  }

  @Test
  void open_endIsNoRecord_isRefused() throws Exception {
    write(1);
    Path file = files.files().get(0);
    Files.writeString(file, Files.readString(file) + "nonsense\n");
    assertThatThrownBy(this::open).hasMessageContaining("does not end with a record");
  }
}
