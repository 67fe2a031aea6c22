package io.sagitta.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final String PASSWORD = "${secret:board/password}";
  private static final String MARKER = "marker-5f2c81";

  @TempDir private Path folder = Path.of("");

  private Path write(String name, String permissions) throws Exception {
    Path file = folder.resolve(name);
    Files.writeString(file, MARKER + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void environment_isTheLastPlace() {
    Secrets secrets = new Secrets(Map.of("SAGITTA_SECRET_BOARD_PASSWORD", MARKER));
    assertThat(secrets.in("a" + PASSWORD + "b")).isEqualTo("a" + MARKER + "b");
  }

  @Test
  void file_ofItsOwnerAlone_isRead_withoutItsLastLinesEnd() throws Exception {
    Files.createDirectories(folder.resolve("board"));
    write("board/password", "rw-------");
    Secrets secrets =
        new Secrets(
            Map.of(
                "SAGITTA_SECRETS",
                folder.toString(),
                "SAGITTA_SECRET_BOARD_PASSWORD",
                "of the environment"));
    assertThat(secrets.in(PASSWORD)).isEqualTo(MARKER);
  }

  @Test
  void credentialOfSystemd_comesFirst() throws Exception {
    write("board.password", "r--------");
    Secrets secrets =
        new Secrets(
            Map.of("CREDENTIALS_DIRECTORY", folder.toString(), "SAGITTA_SECRETS", "/nonexistent"));
    assertThat(secrets.in(PASSWORD)).isEqualTo(MARKER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
  void file_thatOthersMayReach_isRefused_withoutItsContent(String permissions) throws Exception {
    Files.createDirectories(folder.resolve("board"));
    write("board/password", permissions);
    Secrets secrets = new Secrets(Map.of("SAGITTA_SECRETS", folder.toString()));
    assertThatThrownBy(() -> secrets.in(PASSWORD))
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining(MARKER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--r-----", "r--------"})
  void credentialOfSystemd_mayShowTheMaskOfItsAccessList(String permissions) throws Exception {
    write("board.password", permissions);
    Secrets secrets = new Secrets(Map.of("CREDENTIALS_DIRECTORY", folder.toString()));
    assertThat(secrets.in(PASSWORD)).isEqualTo(MARKER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"r-----r--", "rw--w----", "rw-----w-"})
  void credentialOfSystemd_thatOthersMayReach_isRefused(String permissions) throws Exception {
    write("board.password", permissions);
    Secrets secrets = new Secrets(Map.of("CREDENTIALS_DIRECTORY", folder.toString()));
    assertThatThrownBy(() -> secrets.in(PASSWORD))
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining(MARKER);
  }

  @Test
  void secret_thatIsNotThere_saysWhereToPutIt() {
    assertThatThrownBy(() -> new Secrets(Map.of()).in(PASSWORD))
        .hasMessageContaining("SAGITTA_SECRET_BOARD_PASSWORD")
        .hasMessageContaining("SAGITTA_SECRETS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../etc/passwd", "/etc/passwd", "board/../../x", "a b", ".hidden", "a//b"})
  void name_thatLeavesTheFolder_isRefused(String name) {
    Secrets secrets = new Secrets(Map.of("SAGITTA_SECRETS", folder.toString()));
    assertThatThrownBy(() -> secrets.in("${secret:" + name + "}"))
        .hasMessageContaining("is no name of a secret");
  }
}
