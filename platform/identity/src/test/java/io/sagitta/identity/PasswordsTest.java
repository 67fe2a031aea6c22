package io.sagitta.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.identity.PasswordCheck.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PasswordsTest {
  /** What the reference implementation's program makes of "correct horse battery staple". */
  private static final String REFERENCE =
      "$argon2id$v=19$m=47104,t=1,p=1$ZXhhY3RseTE2Ynl0ZXMhIQ$0nNQDMxQTfyTqzBNiQVr6oSs39CjFRjEv6KbLCZ957E";

  private static final char[] RIGHT = "correct horse battery staple".toCharArray();
  private static final char[] WRONG = "correct horse battery stapl".toCharArray();

  private final Path file;

  PasswordsTest(@TempDir Path dir) {
    file = dir.resolve("logins");
  }

  @Test
  void hash_ofTheReferenceImplementation_isUnderstood() {
    PasswordHash hash = PasswordHash.parse(REFERENCE);
    assertThat(hash.matches(RIGHT)).isTrue();
    assertThat(hash.matches(WRONG)).isFalse();
    assertThat(hash.text()).isEqualTo(REFERENCE);
  }

  @Test
  void hash_ofOnePassword_differsEachTime() {
    PasswordHash first = PasswordHash.of(RIGHT);
    PasswordHash second = PasswordHash.of(RIGHT);
    assertThat(first.text()).isNotEqualTo(second.text());
    assertThat(PasswordHash.parse(first.text()).matches(RIGHT)).isTrue();
    assertThat(first).asString().doesNotContain("$");
  }

  @Test
  void hash_sameLettersOtherCodePoints_isTheSame() {
    assertThat(
            PasswordHash.of("caf\u00e9 au lait".toCharArray())
                .matches("cafe\u0301 au lait".toCharArray()))
        .isTrue();
  }

  @Test
  void parse_otherCostOrKind_isRefused() {
    for (String text :
        List.of(
            "",
            "secret",
            REFERENCE.replace("m=47104", "m=8"),
            REFERENCE.replace("argon2id", "argon2i"),
            REFERENCE.replace("v=19", "v=16"),
            REFERENCE + "A")) {
      assertThatThrownBy(() -> PasswordHash.parse(text)).isInstanceOf(IdentityException.class);
    }
  }

  @Test
  void file_isPrivateAndFollowed() throws IOException {
    Logins logins = Logins.in(file);
    assertThat(logins.of("ada")).isEmpty();
    Logins.put(file, "ada", PasswordHash.of(RIGHT));
    Logins.put(file, "grace", PasswordHash.of(WRONG));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(logins.of("ada").orElseThrow().matches(RIGHT)).isTrue();
    assertThat(Logins.remove(file, "ada")).isTrue();
    assertThat(Logins.remove(file, "ada")).isFalse();
    assertThat(logins.of("ada")).isEmpty();
    assertThat(logins.of("grace")).isPresent();
    Files.delete(file);
    assertThat(logins.of("grace")).isEmpty();
  }

  @Test
  void file_thatOthersReadOrThatIsBroken_isRefused() throws IOException {
    Logins.put(file, "ada", PasswordHash.of(RIGHT));
    Logins logins = Logins.in(file);
    Files.writeString(file, "ada correct horse battery staple\n");
    assertThatThrownBy(() -> logins.of("ada"))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("logins:1")
        .message()
        .doesNotContain("horse");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Logins.in(file)).hasMessageContaining("chmod 600");
  }

  @Test
  void check_hashesOnceForEveryName() {
    Logins.put(file, "ada", PasswordHash.of(RIGHT));
    PasswordCheck check = new PasswordCheck(Logins.in(file));
    assertThat(check.check("ada", RIGHT)).isEqualTo(Outcome.RIGHT);
    assertThat(check.hashed()).isEqualTo(1);
    assertThat(check.check("ada", WRONG)).isEqualTo(Outcome.WRONG);
    assertThat(check.hashed()).isEqualTo(2);
    assertThat(check.check("nobody", RIGHT)).isEqualTo(Outcome.WRONG);
    assertThat(check.hashed()).isEqualTo(3);
    assertThat(check.check("nobody", "nobody has this password".toCharArray()))
        .as("the hash that stands in opens nothing")
        .isEqualTo(Outcome.WRONG);
  }

  @Test
  void check_manyAtOnce_hashesOnlySoMany() throws Exception {
    Logins.put(file, "ada", PasswordHash.of(RIGHT));
    PasswordCheck check = new PasswordCheck(Logins.in(file), 1, Duration.ZERO);
    CountDownLatch together = new CountDownLatch(8);
    List<CompletableFuture<Outcome>> checks =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          together.countDown();
                          await(together);
                          return check.check("ada", RIGHT);
                        },
                        task -> new Thread(task).start()))
            .limit(8)
            .toList();
    List<Outcome> outcomes = checks.stream().map(CompletableFuture::join).toList();
    assertThat(outcomes).contains(Outcome.RIGHT, Outcome.BUSY).doesNotContain(Outcome.WRONG);
    assertThat(check.hashed()).isEqualTo(outcomes.stream().filter(o -> o == Outcome.RIGHT).count());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
