package io.sagitta.acceptance.attack;

import static io.sagitta.acceptance.attack.AttackedHouse.send;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.acceptance.attack.AttackedHouse.Door;
import io.sagitta.house.HouseAccess;
import io.sagitta.house.LocalHouse;
import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.Identity.Machine;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/** Who somebody says to be at the doors of gateway and control, with what they show for it. */
final class ProofAttacks implements Attack.Group {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Identity BOARD = new Identity.Subject("board");
  private static final int ALERT = 0x15;
  private static final int PROTOCOL_VERSION = 70;

  private final AttackedHouse attacked;
  private final LocalHouse house;
  private final Path folder;

  ProofAttacks(AttackedHouse attacked) {
    this.attacked = attacked;
    this.house = attacked.house();
    this.folder = attacked.data().resolve("attacker");
  }

  @Override
  public List<Attack> attacks() {
    return List.of(
        new Attack("no certificate: 401, and written down", this::noCertificate),
        new Attack(
            "another authority's certificate, an expired one: nobody's", this::badCertificate),
        new Attack("a server under another name: our clients do not go on", this::otherServer),
        new Attack("TLS 1.1, TLS 1.2, plain text: refused in the handshake", this::oldTls),
        new Attack("tokens that lie: 401, also beside a good certificate", this::badTokens));
  }

  private void noCertificate() throws Exception {
    HouseAccess nobody = attacked.nobody();
    for (Door door : attacked.doors()) {
      HttpResponse<String> reply = send(nobody, door.port(), "GET", door.path(), "");
      assertThat(reply.statusCode()).as(door.what()).isEqualTo(401);
      assertThat(reply.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
      attacked.assertDenied(door.what(), "-");
    }
  }

  private void badCertificate() throws Exception {
    Path foreign = folder.resolve("foreign");
    CertificateAuthority.in(folder.resolve("authority"), "x", DAY, Clock.systemUTC())
        .issue(BOARD, List.of(), DAY, foreign);
    // It trusts them, and they do not trust it.
    Files.copy(
        house.credentials("eye").resolve("ca.pem"),
        foreign.resolve("ca.pem"),
        StandardCopyOption.REPLACE_EXISTING);
    Path expired = folder.resolve("expired");
    Clock before = Clock.fixed(Instant.now().minus(Duration.ofMinutes(4)), ZoneOffset.UTC);
    CertificateAuthority.in(house.data().resolve("authority"), "", DAY, before)
        .issue(BOARD, List.of(), Duration.ofMinutes(1), expired);
    for (Path proof : List.of(foreign, expired)) {
      HouseAccess as =
          new HouseAccess("https", Optional.of(CredentialFolder.open(proof).context()));
      for (Door door : attacked.doors()) {
        try {
          HttpResponse<String> reply = send(as, door.port(), "GET", door.path(), "");
          assertThat(reply.statusCode()).as("%s with %s", door.what(), proof).isEqualTo(401);
        } catch (IOException refusedInTheHandshake) {
          assertThat(refusedInTheHandshake).isNotInstanceOf(java.net.ConnectException.class);
        }
      }
    }
  }

  /** A machine with a good certificate of the same authority, in the place of another. */
  private void otherServer() throws Exception {
    Path impostor = folder.resolve("impostor");
    CertificateAuthority.in(house.data().resolve("authority"), "", DAY, Clock.systemUTC())
        .issue(Machine.GATEWAY, List.of("elsewhere.example"), DAY, impostor);
    SSLContext context = CredentialFolder.open(impostor).context();
    try (SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      List<String> heard = new ArrayList<>();
      Thread listening =
          new Thread(
              () -> {
                try (Socket client = server.accept()) {
                  heard.add(new String(client.getInputStream().readNBytes(4), US_ASCII));
                } catch (IOException e) {
                  heard.add("");
                }
              });
      listening.start();
      assertThatThrownBy(
              () -> send(house.access("feed"), server.getLocalPort(), "GET", "/v1/me", ""))
          .isInstanceOf(SSLException.class);
      listening.join(10_000);
      assertThat(heard).containsExactly("");
    }
  }

  private void oldTls() throws Exception {
    for (Door door : attacked.doors()) {
      byte[] hello = hello(0x02);
      byte[] answer = talk(door.port(), hello);
      assertThat(answer).as("%s to TLS 1.1", door.what()).hasSizeGreaterThanOrEqualTo(7);
      assertThat(answer[0]).isEqualTo((byte) ALERT);
      assertThat(answer[6]).isEqualTo((byte) PROTOCOL_VERSION);

      byte[] plain = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
      assertThat(new String(talk(door.port(), plain), ISO_8859_1)).doesNotContain("HTTP");

      SSLParameters twelve = new SSLParameters();
      twelve.setProtocols(new String[] {"TLSv1.2"});
      HttpClient client =
          HttpClient.newBuilder()
              .sslContext(CredentialFolder.open(house.credentials("board")).context())
              .sslParameters(twelve)
              .build();
      URI uri = house.access("board").at(door.port()).resolve(door.path());
      assertThatThrownBy(
              () ->
                  client.send(
                      HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()))
          .as("%s to TLS 1.2, which this policy does not allow", door.what())
          .isInstanceOf(SSLException.class);
    }
  }

  /** A ClientHello of TLS 1.{@code minor - 1}, which Java would not send any more. */
  private static byte[] hello(int minor) {
    byte[] record = new byte[5 + 4 + 2 + 32 + 1 + 6 + 2];
    record[0] = 0x16;
    record[1] = 3;
    record[2] = 1;
    record[4] = (byte) (record.length - 5);
    record[5] = 1;
    record[8] = (byte) (record.length - 9);
    record[9] = 3;
    record[10] = (byte) minor;
    int suites = 11 + 32 + 1;
    byte[] rest = {0, 4, (byte) 0xc0, 0x13, 0, 0x2f, 1, 0};
    System.arraycopy(rest, 0, record, suites, rest.length);
    return record;
  }

  private static byte[] talk(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().readAllBytes();
    }
  }

  private void badTokens() throws Exception {
    Path own = Files.createDirectories(folder).resolve("keys.json");
    Files.copy(house.data().resolve("token-keys.json"), own, StandardCopyOption.COPY_ATTRIBUTES);
    TokenKeys keys = TokenKeys.in(own, "ES256", Clock.systemUTC());
    TokenIssuer issuer = new TokenIssuer(keys, TokenIssuer.PLATFORM, Clock.systemUTC());
    String good = issuer.issue(BOARD, TokenIssuer.DOORS, DAY).text();
    TokenKeys others = TokenKeys.in(folder.resolve("others.json"), "ES256", Clock.systemUTC());
    Map<String, String> bad =
        Map.of(
            "unsigned", part("{\"alg\":\"none\"}") + "." + claims(good) + ".",
            "signed by the public key", byPublicKey(good),
            "changed", good.substring(0, good.length() - 6) + "AAAAAA",
            "for Pulsar", issuer.issue(BOARD, TokenIssuer.PULSAR, DAY).text(),
            "of a machine", issuer.issue(Machine.CONTROL, TokenIssuer.DOORS, DAY).text(),
            "expired", issuer.issue(BOARD, TokenIssuer.DOORS, Duration.ofMinutes(-5)).text(),
            "of another issuer",
                new TokenIssuer(keys, "elsewhere", Clock.systemUTC())
                    .issue(BOARD, TokenIssuer.DOORS, DAY)
                    .text(),
            "by another key",
                new TokenIssuer(others, TokenIssuer.PLATFORM, Clock.systemUTC())
                    .issue(BOARD, TokenIssuer.DOORS, DAY)
                    .text(),
            "nonsense", "x".repeat(5_000));
    HouseAccess nobody = attacked.nobody();
    for (Door door : attacked.doors()) {
      for (Map.Entry<String, String> one : bad.entrySet()) {
        for (HouseAccess as : List.of(nobody, house.access("board"))) {
          HttpResponse<String> reply = with(as, door, one.getValue());
          assertThat(reply.statusCode()).as("%s: %s", door.what(), one.getKey()).isEqualTo(401);
          assertThat(reply.body()).doesNotContain(one.getValue());
        }
      }
      assertThat(with(nobody, door, good).statusCode()).as("the good one").isEqualTo(200);
    }
  }

  private static HttpResponse<String> with(HouseAccess as, Door door, String token)
      throws Exception {
    return as.client()
        .send(
            HttpRequest.newBuilder(as.at(door.port()).resolve(door.path()))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String part(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }

  private static String claims(String token) {
    return token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
  }

  /** What a verifier takes that looks at the token to know how it is signed. */
  private String byPublicKey(String good) throws Exception {
    byte[] published = Files.readAllBytes(house.data().resolve("published-keys.json"));
    String signed = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + claims(good);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(published, "HmacSHA256"));
    byte[] signature = mac.doFinal(signed.getBytes(US_ASCII));
    return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
  }
}
