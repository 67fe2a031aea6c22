package io.sagitta.transport;

import io.sagitta.identity.CredentialFolder;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.apache.pulsar.client.api.Authentication;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.impl.auth.AuthenticationTls;

/** What Pulsar's own clients are told of an access to one address. */
record ClientAccess(Optional<Path> trust, Optional<Authentication> proof) {
  /** Pulsar's clients look at files of certificates again after so long. */
  static final int REFRESH_SECONDS = 60;

  /**
   * Checks that {@code access} and {@code url} fit together.
   *
   * @throws TransportException if a proof or rows would cross a network in plain
   */
  static ClientAccess of(PulsarAccess access, String url) {
    check(access instanceof PulsarAccess.Open, url);
    return new ClientAccess(trust(access), proof(access));
  }

  private static void check(boolean open, String url) {
    URI address = address(url);
    boolean encrypted = isEncrypted(url);
    if (!encrypted && !open) {
      throw new TransportException(
          url
              + " is not encrypted, and whoever reads along would have what proves who we are."
              + " Use pulsar+ssl:// and https://");
    }
    if (!encrypted && !isLoopback(String.valueOf(address.getHost()))) {
      throw new TransportException(
          url
              + " is on another machine, and rows would go there in plain. Use pulsar+ssl:// and"
              + " https://, with the credentials of this machine");
    }
    if (encrypted && open) {
      throw new TransportException(
          url + " asks who we are: it needs the credentials of a machine, or a token");
    }
  }

  static boolean isEncrypted(String url) {
    return Set.of("pulsar+ssl", "https").contains(String.valueOf(address(url).getScheme()));
  }

  private static URI address(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new TransportException(
          url + " is no address; write pulsar+ssl://host:6651 or https://host:8443", e);
    }
  }

  /** By its spelling alone: a name may resolve to another address the next time. */
  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  private static Optional<Path> trust(PulsarAccess access) {
    if (access instanceof PulsarAccess.Machine machine) {
      return Optional.of(machine.credentials().trustFile());
    }
    return access instanceof PulsarAccess.Bearer bearer
        ? Optional.of(bearer.trust())
        : Optional.empty();
  }

  private static Optional<Authentication> proof(PulsarAccess access) {
    if (access instanceof PulsarAccess.Machine machine) {
      CredentialFolder folder = machine.credentials();
      return Optional.of(
          new AuthenticationTls(folder.certificateFile().toString(), folder.keyFile().toString()));
    }
    return access instanceof PulsarAccess.Bearer bearer
        ? Optional.of(AuthenticationFactory.token(bearer.token()))
        : Optional.empty();
  }
}
