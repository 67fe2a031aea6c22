package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.service.audit.AuditEvent;
import io.sagitta.service.audit.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditTest {
  private final Path folder;

  AuditTest(@TempDir Path dir) {
    this.folder = dir.resolve("audit");
  }

  @BeforeEach
  void write() throws IOException {
    try (AuditLog log = AuditLog.open(folder, "control", Clock.systemUTC())) {
      log.write(event("subject.ada", "pipeline sky/flights", AuditEvent.ALLOWED));
      log.write(event("subject.eve", "pipeline @|red x|@\u001b[2J\n", AuditEvent.DENIED));
    }
  }

  private static AuditEvent event(String who, String object, String outcome) {
    return new AuditEvent(who, "token", "10.0.0.1:7", "pause", object, outcome, "a.yaml:3", 1);
  }

  private Path file() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> f.toString().endsWith(".jsonl")).findFirst().orElseThrow();
    }
  }

  @Test
  void verify_sound_printsTheHeadToKeep() {
    Outcome outcome = Outcome.of("audit", "verify", folder.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCodes.OK);
    assertThat(outcome.out()).contains("sound", "2 records").containsPattern("head 2:[0-9a-f]{64}");
    String head = outcome.out().replaceAll("(?s).*head (2:[0-9a-f]{64}).*", "$1");
    assertThat(Outcome.of("audit", "verify", folder.toString(), "--head", head).exitCode())
        .isEqualTo(ExitCodes.OK);
    String other = head.substring(0, head.length() - 1) + (head.endsWith("0") ? "1" : "0");
    assertThat(Outcome.of("audit", "verify", folder.toString(), "--head", other).exitCode())
        .isEqualTo(ExitCodes.REFUSED);
    assertThat(Outcome.of("audit", "verify", folder.toString(), "--head", "2").exitCode())
        .isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void verify_changed_saysWhere() throws Exception {
    Files.writeString(file(), Files.readString(file()).replace("subject.ada", "subject.bob"));
    Outcome outcome = Outcome.of("audit", "verify", folder.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.out()).contains(".jsonl:2", "was changed", "broken");
  }

  @Test
  void list_denied_showsThoseAloneAndObeysNoName() {
    Outcome outcome = Outcome.of("audit", "list", folder.toString(), "--denied");
    assertThat(outcome.out())
        .contains("subject.eve", "denied")
        .doesNotContain("subject.ada", "\u001b");
    assertThat(outcome.out().lines()).hasSize(2);
    assertThat(Outcome.of("audit", "list", folder.toString(), "--who", "subject.ada").out())
        .contains("sky/flights")
        .doesNotContain("eve");
  }

  @Test
  void export_isTheLogAsItStands() throws Exception {
    List<String> lines = Files.readAllLines(file());
    assertThat(Outcome.of("audit", "export", folder.toString()).out().lines()).isEqualTo(lines);
  }

  @Test
  void anyCommand_noFolder_isUsage() {
    assertThat(Outcome.of("audit", "verify", folder.resolve("none").toString()).exitCode())
        .isEqualTo(ExitCodes.USAGE);
  }
}
