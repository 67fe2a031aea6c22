package io.sagitta.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenKeys;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Authentication;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.impl.auth.AuthenticationTls;

/** A platform's certificates, keys for tokens and locked server, and one topic to try them on. */
final class LockedRig implements AutoCloseable {
  static final Duration DAY = Duration.ofDays(1);
  static final Clock CLOCK = Clock.systemUTC();
  static final Identity PIPELINE = new Identity.Pipeline("t", "p");
  static final String ISSUER = "sagitta";
  static final String AUDIENCE = "pulsar";

  private static final List<String> HERE = List.of("localhost", "127.0.0.1");
  private static final String ROW = "a row of many bytes ".repeat(5_000);
  private static final String TOPIC = "persistent://t/p/topic";

  private final Path dir;
  private final Path published;
  private final CertificateAuthority authority;
  private final TokenKeys keys;
  private final LocalPulsar pulsar;

  LockedRig(Path dir) throws Exception {
    this.dir = dir;
    this.published = dir.resolve("published.json");
    this.authority = CertificateAuthority.in(dir.resolve("ca"), "Sagitta test", DAY, CLOCK);
    this.keys = TokenKeys.in(dir.resolve("keys.json"), "ES256", CLOCK);
    Files.writeString(published, keys.published());
    authority.issue(Identity.Machine.BROKER, HERE, DAY, folder(Identity.Machine.BROKER));
    authority.issue(Identity.Machine.CONTROL, List.of(), DAY, folder(Identity.Machine.CONTROL));
    authority.issue(Identity.Machine.NODE, List.of(), DAY, folder(Identity.Machine.NODE));
    this.pulsar = LocalPulsar.start(options("data", folder(Identity.Machine.BROKER)));
    send("PUT", "/admin/v2/tenants/t", "{\"adminRoles\":[],\"allowedClusters\":[\"standalone\"]}");
    send("PUT", "/admin/v2/namespaces/t/p", "");
    send("PUT", "/admin/v2/persistent/t/p/topic", "");
    send("POST", "/admin/v2/namespaces/t/p/permissions/pipeline.t.p", "[\"produce\",\"consume\"]");
  }

  LocalPulsar pulsar() {
    return pulsar;
  }

  TokenKeys keys() {
    return keys;
  }

  /** A locked server with its data in {@code data} and the broker's identity in {@code folder}. */
  LocalPulsarOptions options(String data, Path folder) {
    return LocalPulsarOptions.in(dir.resolve(data))
        // So that rows are read from the bookie.
        .withSetting("managedLedgerCacheSizeMB", "0")
        .withSecurity(
            new LocalPulsarSecurity(
                folder,
                published,
                "ES256",
                ISSUER,
                AUDIENCE,
                Set.of("broker", "control"),
                List.of("TLSv1.3", "TLSv1.2"),
                List.of()));
  }

  /** Puts another key set into the server's hands, whole. */
  void publish(String set) throws IOException {
    Path draft = Files.writeString(dir.resolve("draft.json"), set);
    Files.move(draft, published, StandardCopyOption.ATOMIC_MOVE);
  }

  Path folder(Identity machine) {
    return dir.resolve(machine.principal());
  }

  /** A certificate of the broker under another host's name. */
  Path brokerElsewhere() {
    Path folder = dir.resolve("elsewhere");
    authority.issue(Identity.Machine.BROKER, List.of("elsewhere.example"), DAY, folder);
    return folder;
  }

  /**
   * Control's own name in a certificate for an hour from {@code clock} on, by the authority in
   * {@code ca}; trusts the broker.
   */
  Path control(String name, String ca, Clock clock) throws IOException {
    Path own = dir.resolve(name);
    CertificateAuthority.in(dir.resolve(ca), "Sagitta test", DAY, clock)
        .issue(Identity.Machine.CONTROL, List.of(), Duration.ofHours(1), own);
    Files.copy(
        folder(Identity.Machine.BROKER).resolve(CredentialFolder.TRUST),
        own.resolve(CredentialFolder.TRUST),
        StandardCopyOption.REPLACE_EXISTING);
    return own;
  }

  Authentication token(Identity identity) {
    return token(keys, ISSUER, identity, AUDIENCE);
  }

  static Authentication token(TokenKeys keys, String issuer, Identity identity, String audience) {
    return AuthenticationFactory.token(
        new TokenIssuer(keys, issuer, CLOCK).issue(identity, audience, DAY).text());
  }

  static Authentication certificate(Path folder) {
    return new AuthenticationTls(
        folder.resolve(CredentialFolder.CERTIFICATE).toString(),
        folder.resolve(CredentialFolder.KEY).toString());
  }

  /** Sends a large row through the topic of pipeline t/p and receives it. */
  void roundTrip(Authentication as) throws PulsarClientException {
    try (PulsarClient client =
            PulsarClient.builder()
                .serviceUrl(pulsar.brokerUrl())
                .authentication(as)
                .tlsTrustCertsFilePath(
                    folder(Identity.Machine.BROKER).resolve(CredentialFolder.TRUST).toString())
                .enableTlsHostnameVerification(true)
                .operationTimeout(5, TimeUnit.SECONDS)
                .lookupTimeout(5, TimeUnit.SECONDS)
                .build();
        Consumer<String> consumer =
            client
                .newConsumer(Schema.STRING)
                .topic(TOPIC)
                .subscriptionName("s")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe();
        Producer<String> producer = client.newProducer(Schema.STRING).topic(TOPIC).create()) {
      producer.send(ROW);
      Message<String> message = consumer.receive(20, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      assertThat(message.getValue()).isEqualTo(ROW);
      consumer.acknowledge(message);
    }
  }

  /** What the admin API answers to whom the credentials in {@code folder} prove. */
  int status(String path, Path folder) throws Exception {
    return request("GET", path, "", folder);
  }

  private void send(String method, String path, String body) throws Exception {
    assertThat(request(method, path, body, folder(Identity.Machine.CONTROL)))
        .as("%s %s", method, path)
        .isBetween(200, 299);
  }

  private int request(String method, String path, String body, Path as) throws Exception {
    HttpClient client =
        HttpClient.newBuilder().sslContext(CredentialFolder.open(as).context()).build();
    HttpRequest request =
        HttpRequest.newBuilder(pulsar.adminUrl().resolve(path))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Override
  public void close() {
    pulsar.close();
  }
}
