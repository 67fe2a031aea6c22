package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {

  @Test
  void schema_isPrintedAsJson() throws Exception {
    Outcome outcome = Outcome.of("schema");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(Json.parse(outcome.out()).path("properties").has("metadata")).isTrue();
  }

  @Test
  void schema_isWrittenToAFile(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("schema.json");
    Outcome outcome = Outcome.of("schema", "-o", file.toString());
    assertThat(outcome.out()).isEmpty();
    assertThat(Files.readString(file)).isEqualTo(Outcome.of("schema").out());
  }

  @Test
  void outputNotWritable_isOneLine(@TempDir Path dir) {
    Outcome outcome = Outcome.of("schema", "-o", dir.resolve("no/such/dir.json").toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(outcome.err().lines()).hasSize(1);
  }
}
