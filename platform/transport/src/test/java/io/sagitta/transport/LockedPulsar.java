package io.sagitta.transport;

import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenKeys;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.pulsar.LocalPulsarSecurity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A locked server with the certificates of machines and the keys of tokens that it knows. */
final class LockedPulsar implements AutoCloseable {
  private static final long MEMORY_BYTES = 16 << 20;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Clock CLOCK = Clock.systemUTC();

  private final Path dir;
  private final TokenKeys keys;
  private final CertificateAuthority authority;
  private final LocalPulsar server;

  LockedPulsar(Path dir) throws IOException {
    this.dir = dir;
    this.authority = CertificateAuthority.in(dir.resolve("ca"), "Sagitta test", DAY, CLOCK);
    this.keys = TokenKeys.in(dir.resolve("keys.json"), "ES256", CLOCK);
    Path published = Files.writeString(dir.resolve("published.json"), keys.published());
    for (Identity.Machine machine : Identity.Machine.values()) {
      renew(machine);
    }
    this.server =
        LocalPulsar.start(
            LocalPulsarOptions.in(dir.resolve("data"))
                .withSecurity(
                    new LocalPulsarSecurity(
                        dir.resolve("broker"),
                        published,
                        "ES256",
                        "sagitta",
                        "pulsar",
                        Set.of("broker", "control"),
                        List.of("TLSv1.3"),
                        List.of())));
  }

  /** Gives {@code machine} a new certificate in its folder. */
  void renew(Identity.Machine machine) {
    authority.issue(
        machine, List.of("localhost", "127.0.0.1"), DAY, dir.resolve(machine.principal()));
  }

  LocalPulsar server() {
    return server;
  }

  PulsarAccess machine(Identity.Machine machine) {
    return new PulsarAccess.Machine(CredentialFolder.open(dir.resolve(machine.principal())));
  }

  String token(Identity identity, Duration lifetime) {
    return new TokenIssuer(keys, "sagitta", CLOCK).issue(identity, "pulsar", lifetime).text();
  }

  PulsarAccess bearer(Identity identity) {
    String token = token(identity, DAY);
    return new PulsarAccess.Bearer(trust(), () -> token);
  }

  Path trust() {
    return dir.resolve("broker").resolve(CredentialFolder.TRUST);
  }

  PulsarConnection connect(PulsarAccess access) {
    return PulsarConnection.open(server.brokerUrl(), access, MEMORY_BYTES);
  }

  Provisioner control() {
    return Provisioner.open(server.adminUrl().toString(), machine(Identity.Machine.CONTROL));
  }

  @Override
  public void close() {
    server.close();
  }
}
