package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.identity.Logins;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityPasswordTest {
  private static final String PASSWORD = "correct horse battery staple";

  private final Path file;

  SecurityPasswordTest(@TempDir Path dir) {
    file = dir.resolve("logins");
  }

  private Outcome password(String input, String... more) {
    String[] args = new String[5 + more.length];
    System.arraycopy(
        new String[] {"security", "password", "ada", "--logins", file.toString()}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    return Outcome.answering(input, args);
  }

  @Test
  void password_isKeptAsAHashAndShownNowhere() throws Exception {
    Outcome outcome = password(PASSWORD + "\n");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCodes.OK);
    assertThat(outcome.out() + outcome.err()).doesNotContain("horse").contains("ada can log in");
    assertThat(Files.readString(file)).startsWith("ada $argon2id$v=19$m=47104,t=1,p=1$");
    assertThat(Logins.in(file).of("ada").orElseThrow().matches(PASSWORD.toCharArray())).isTrue();
  }

  @Test
  void password_short_isRefusedAndChangesNothing() {
    password(PASSWORD + "\n");
    Outcome outcome = password("horse\n");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).contains("15 to 256").doesNotContain("horse");
    assertThat(Logins.in(file).of("ada").orElseThrow().matches(PASSWORD.toCharArray())).isTrue();
  }

  @Test
  void password_noPersonsName_isRefusedAndNotRepeated() {
    Outcome outcome =
        Outcome.answering(
            PASSWORD, "security", "password", "My Secret", "--logins", file.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).doesNotContain("Secret");
    assertThat(file).doesNotExist();
  }

  @Test
  void remove_takesItAway() {
    password(PASSWORD + "\n");
    assertThat(password("", "--remove", "--json").out()).contains("\"password\" : false");
    assertThat(Logins.in(file).of("ada")).isEmpty();
    assertThat(password("", "--remove").exitCode()).isEqualTo(ExitCodes.USAGE);
  }
}
