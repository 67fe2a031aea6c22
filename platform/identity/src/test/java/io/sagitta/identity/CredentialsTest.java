package io.sagitta.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of an authority of ours, held against the JDK's TLS over real sockets. */
final class CredentialsTest {
  private static final Duration MONTH = Duration.ofDays(30);
  private static final List<String> HERE = List.of("localhost", "127.0.0.1");
  private static final Identity FEED = new Identity.Subject("flight-feed");

  private final Path folder;
  private final CertificateAuthority authority;

  CredentialsTest(@TempDir Path folder) {
    this.folder = folder;
    this.authority = authority("ca", Clock.systemUTC());
    authority.issue(Identity.Machine.GATEWAY, HERE, MONTH, folder.resolve("gateway"));
    authority.issue(FEED, List.of(), MONTH, folder.resolve("feed"));
  }

  private CertificateAuthority authority(String name, Clock clock) {
    return CertificateAuthority.in(folder.resolve(name), name, Duration.ofDays(365), clock);
  }

  private SSLContext context(String name) {
    return CredentialFolder.open(folder.resolve(name)).context();
  }

  @Test
  void mutualTls_provesWhoTheClientIs() throws Exception {
    assertThat(connect(context("gateway"), context("feed"), "127.0.0.1")).contains(FEED);
    assertThat(connect(context("gateway"), context("feed"), "localhost")).contains(FEED);
  }

  @Test
  void clientOfAnotherAuthority_isRefused() {
    authority("other", Clock.systemUTC()).issue(FEED, List.of(), MONTH, folder.resolve("false"));
    // It trusts ours, so it is the server that refuses.
    trustOursToo("false");

    assertThatThrownBy(() -> connect(context("gateway"), context("false"), "127.0.0.1"))
        .isInstanceOf(IOException.class);
  }

  private void trustOursToo(String name) {
    try {
      Files.copy(
          folder.resolve("gateway/ca.pem"),
          folder.resolve(name).resolve("ca.pem"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void serverOfAnotherAuthority_isRefused() {
    authority("other", Clock.systemUTC())
        .issue(Identity.Machine.GATEWAY, HERE, MONTH, folder.resolve("false"));

    assertThatThrownBy(() -> connect(context("false"), context("feed"), "127.0.0.1"))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void serverWithAnotherHostsName_isRefused() {
    authority.issue(
        Identity.Machine.GATEWAY, List.of("gateway.example"), MONTH, folder.resolve("elsewhere"));

    assertThatThrownBy(() -> connect(context("elsewhere"), context("feed"), "127.0.0.1"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void expired_isRefused() {
    Clock lastYear = Clock.fixed(Instant.now().minus(Duration.ofDays(60)), ZoneOffset.UTC);
    authority("ca", lastYear).issue(FEED, List.of(), MONTH, folder.resolve("late"));

    assertThatThrownBy(() -> connect(context("gateway"), context("late"), "127.0.0.1"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void clientsOnlyCertificate_isNoServers() {
    assertThatThrownBy(() -> connect(context("feed"), context("gateway"), "127.0.0.1"))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void contextsFollowTheFiles() throws Exception {
    SSLContext server = context("gateway");
    SSLContext client = context("feed");
    assertThat(connect(server, client, "127.0.0.1")).contains(FEED);

    Identity another = new Identity.Subject("dashboard");
    authority.issue(another, List.of(), MONTH, folder.resolve("feed"));

    assertThat(connect(server, client, "127.0.0.1")).contains(another);
  }

  @Test
  void changeOfAuthority_overlaps() throws Exception {
    SSLContext server = context("gateway");
    SSLContext oldClient = context("feed");
    CertificateAuthority next = authority("next", Clock.systemUTC());

    next.issue(Identity.Machine.GATEWAY, HERE, MONTH, folder.resolve("gateway"));
    next.issue(new Identity.Subject("new"), List.of(), MONTH, folder.resolve("newcomer"));
    // The old client has been told of the new authority, as one is before servers change.
    Files.writeString(
        folder.resolve("feed/ca.pem"),
        Files.readString(folder.resolve("feed/ca.pem"))
            + Files.readString(folder.resolve("next/ca.pem")));

    assertThat(connect(server, oldClient, "127.0.0.1")).contains(FEED);
    assertThat(connect(server, context("newcomer"), "127.0.0.1"))
        .contains(new Identity.Subject("new"));
  }

  @Test
  void halfAChange_leavesWhatWasInForce() throws Exception {
    SSLContext server = context("gateway");
    SSLContext client = context("feed");
    authority.issue(FEED, List.of(), MONTH, folder.resolve("other"));

    Files.copy(
        folder.resolve("other/key.pem"),
        folder.resolve("feed/key.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertThat(connect(server, client, "127.0.0.1")).contains(FEED);
  }

  @Test
  void keysThatOthersCanRead_areRefused() throws IOException {
    Path key = folder.resolve("feed/key.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

    assertThatThrownBy(() -> CredentialFolder.open(folder.resolve("feed")))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("chmod 600 " + key);
  }

  @Test
  void whatIsMissing_isNamed() throws IOException {
    Files.delete(folder.resolve("feed/cert.pem"));

    assertThatThrownBy(() -> CredentialFolder.open(folder.resolve("feed")))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("cert.pem")
        .hasMessageContaining("ca.pem");
  }

  /** Returns whom the server took the client for. */
  private static Optional<Identity> connect(SSLContext server, SSLContext client, String host)
      throws Exception {
    try (SSLServerSocket listening =
        (SSLServerSocket)
            server
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setNeedClientAuth(true);
      listening.setSoTimeout(10_000);
      CompletableFuture<Optional<Identity>> seen =
          CompletableFuture.supplyAsync(() -> serve(listening));
      try (SSLSocket socket =
          (SSLSocket)
              client.getSocketFactory().createSocket("127.0.0.1", listening.getLocalPort())) {
        socket.setSoTimeout(10_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        if (!host.equals("127.0.0.1")) {
          parameters.setServerNames(List.of(new javax.net.ssl.SNIHostName(host)));
        }
        socket.startHandshake();
        // With TLS 1.3 a server's refusal comes with the first byte that it should send.
        assertThat(socket.getInputStream().read()).isEqualTo('.');
        return seen.get(10, TimeUnit.SECONDS);
      }
    }
  }

  private static Optional<Identity> serve(SSLServerSocket listening) {
    try (SSLSocket socket = (SSLSocket) listening.accept()) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      socket.getOutputStream().write('.');
      return CredentialFolder.ofCertificate(shown);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
