package io.sagitta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference in {@code docs/} is what the code says. */
class PolicyReferenceTest {
  private static final Path REFERENCE = Path.of("../../docs/reference");
  private static final String COMMAND =
      "./mvnw -B -o -pl platform/policy -am test -Dtest=PolicyReferenceTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write=true";

  @Test
  void page_committed_isWhatTheCodeSays() throws IOException {
    assertCommitted("security-files.md", PolicyPage.markdown());
  }

  @Test
  void schema_committed_isWhatTheCodeSays() throws IOException {
    assertCommitted("security.schema.json", PolicySchema.json());
  }

  @Test
  void page_saysTheCommandThatRewritesIt() {
    assertThat(PolicyPage.markdown()).contains(COMMAND);
  }

  private static void assertCommitted(String name, String made) throws IOException {
    Path file = REFERENCE.resolve(name);
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(file, made);
    }
    assertThat(file).as("rewrite it with: %s", COMMAND).exists();
    assertThat(Files.readString(file)).as("rewrite it with: %s", COMMAND).isEqualTo(made);
  }
}
