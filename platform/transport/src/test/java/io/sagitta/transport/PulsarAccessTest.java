package io.sagitta.transport;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PulsarAccessTest {
  private static final PulsarAccess TOKEN =
      new PulsarAccess.Bearer(Path.of("ca.pem"), () -> "never sent");

  @Test
  void open_onThisMachine_mayBePlain() {
    for (String url :
        List.of("pulsar://127.0.0.1:6650", "http://localhost:8080", "pulsar://[::1]:6650")) {
      assertThatCode(() -> ClientAccess.of(PulsarAccess.OPEN, url)).doesNotThrowAnyException();
    }
  }

  @Test
  void open_onAnotherMachine_isRefused() {
    for (String url :
        List.of(
            "pulsar://broker:6650",
            "http://10.0.0.1:8080",
            "pulsar://127.0.0.1.example:6650",
            "pulsar://localhost.example:6650")) {
      assertThatThrownBy(() -> ClientAccess.of(PulsarAccess.OPEN, url))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining(url)
          .hasMessageContaining("pulsar+ssl://");
    }
  }

  @Test
  void open_toWhoAsksWhoWeAre_saysWhatLacks() {
    assertThatThrownBy(() -> ClientAccess.of(PulsarAccess.OPEN, "pulsar+ssl://broker:6651"))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("who we are");
  }

  @Test
  void proof_inPlain_isRefusedEvenOnThisMachine() {
    assertThatThrownBy(() -> ClientAccess.of(TOKEN, "pulsar://127.0.0.1:6650"))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("not encrypted");
    assertThatCode(() -> ClientAccess.of(TOKEN, "pulsar+ssl://broker:6651"))
        .doesNotThrowAnyException();
  }
}
