package io.sagitta.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference in {@code docs/} is what the code says. */
class ReferenceTest {
  private static final Path REFERENCE = Path.of("../../docs/reference");
  private static final String COMMAND =
      "./mvnw -B -o -pl platform/definition -am test -Dtest=ReferenceTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write=true";

  @Test
  void page_committed_isWhatTheCodeSays() throws IOException {
    assertCommitted("pipeline-file.md", ReferencePage.markdown());
  }

  @Test
  void schema_committed_isWhatTheCodeSays() throws IOException {
    assertCommitted("pipeline.schema.json", PipelineSchema.json());
  }

  @Test
  void page_saysTheCommandThatRewritesIt() {
    assertThat(ReferencePage.markdown()).contains(COMMAND);
  }

  private static void assertCommitted(String name, String made) throws IOException {
    Path file = REFERENCE.resolve(name);
    if (Boolean.getBoolean("reference.write")) {
      Files.createDirectories(REFERENCE);
      Files.writeString(file, made);
    }
    assertThat(file).as("rewrite it with: %s", COMMAND).exists();
    assertThat(Files.readString(file)).as("rewrite it with: %s", COMMAND).isEqualTo(made);
  }
}
