package io.sagitta.acceptance.attack;

import static io.sagitta.acceptance.attack.AttackedHouse.GRANTS;
import static io.sagitta.acceptance.attack.AttackedHouse.JSON;
import static io.sagitta.acceptance.attack.AttackedHouse.PIPELINE;
import static io.sagitta.acceptance.attack.AttackedHouse.await;
import static io.sagitta.acceptance.attack.AttackedHouse.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.house.HouseAccess;
import io.sagitta.house.HouseException;
import io.sagitta.house.LocalHouse;
import io.sagitta.identity.Identity.Machine;
import io.sagitta.service.audit.AuditRecord;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Authentication;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.impl.auth.AuthenticationDisabled;
import org.apache.pulsar.client.impl.auth.AuthenticationTls;

/** Past the platform: straight against Pulsar, with what others were given, or too much of it. */
final class PulsarAttacks implements Attack.Group {
  private final AttackedHouse attacked;
  private final LocalHouse house;

  PulsarAttacks(AttackedHouse attacked) {
    this.attacked = attacked;
    this.house = attacked.house();
  }

  @Override
  public List<Attack> attacks() {
    return List.of(
        new Attack(
            "with nothing, forged, or another pipeline's or role's proof: refused at each topic",
            this::askedPastThePlatform),
        new Attack("its admin API: shut to everybody but control", this::adminApi),
        new Attack("a grant given by hand: shown as drift, and taken away", this::grantByHand),
        new Attack(
            "a grant taken away: what is under way ends, and it is written down",
            this::grantTakenAway));
  }

  private void askedPastThePlatform() throws Exception {
    String in = PIPELINE + "/in.orders-partition-0";
    String journal = PIPELINE + "/journal.orders-partition-0";
    String out = PIPELINE + "/out.all-partition-0";
    record Attempt(Authentication who, List<String> topics) {}
    for (Attempt one :
        List.of(
            new Attempt(AuthenticationDisabled.INSTANCE, List.of(in, out)),
            new Attempt(AuthenticationFactory.token("e30.e30.e30"), List.of(in, out)),
            new Attempt(
                AuthenticationFactory.token(pipelineToken("others")), List.of(in, out, journal)),
            new Attempt(certificate(house.credentials("eye")), List.of(in, out, journal)),
            new Attempt(AuthenticationFactory.token(ownToken("eye")), List.of(in, out, journal)),
            new Attempt(AuthenticationFactory.token(ownToken("board")), List.of(in, out)),
            new Attempt(certificate(house.credentials("board")), List.of(in, journal)),
            new Attempt(certificate(house.credentials("feed")), List.of(in, out, journal)),
            new Attempt(machine(Machine.NODE), List.of(in, out, journal)),
            new Attempt(machine(Machine.GATEWAY), List.of(in, journal)))) {
      try (PulsarClient client = pulsar(one.who())) {
        for (String topic : one.topics()) {
          assertThatThrownBy(() -> consumer(client, topic).close())
              .as("%s at %s", one.who().getAuthMethodName(), topic)
              .isInstanceOfAny(
                  PulsarClientException.AuthenticationException.class,
                  PulsarClientException.AuthorizationException.class);
        }
      }
    }
    // Who may read it may read it, and not write.
    try (PulsarClient client = pulsar(certificate(house.credentials("board")));
        Consumer<byte[]> reader = consumer(client, out)) {
      assertThat(reader.receive(20, TimeUnit.SECONDS)).isNotNull();
      assertThatThrownBy(() -> client.newProducer().topic("persistent://" + out).create().close())
          .isInstanceOf(PulsarClientException.AuthorizationException.class);
    }
    // The same token where it is meant for: so it was refused for whose it is.
    try (PulsarClient client = pulsar(AuthenticationFactory.token(pipelineToken("others")));
        Producer<byte[]> own =
            client.newProducer().topic("persistent://ours/others/in.orders-partition-0").create()) {
      assertThat(own.isConnected()).isTrue();
    }
  }

  private void adminApi() throws Exception {
    int port = house.ports().pulsarHttp();
    for (HouseAccess as :
        List.of(
            house.access(Machine.NODE),
            house.access(Machine.GATEWAY),
            house.access("officer"),
            house.access("builder"))) {
      for (String path :
          List.of(
              "/admin/v2/tenants",
              "/admin/v2/namespaces/" + PIPELINE + "/permissions",
              "/admin/v2/brokers/configuration/runtime")) {
        assertThat(send(as, port, "GET", path, "").statusCode()).as(path).isIn(401, 403, 405);
      }
      assertThat(
              send(
                      as,
                      port,
                      "PUT",
                      "/admin/v2/tenants/mine",
                      "{\"allowedClusters\":[\"standalone\"]}")
                  .statusCode())
          .isIn(401, 403);
    }
    HouseAccess control = house.access(Machine.CONTROL);
    assertThat(send(control, port, "GET", "/admin/v2/tenants", "").statusCode()).isEqualTo(200);
  }

  private void grantByHand() throws Exception {
    HouseAccess control = house.access(Machine.CONTROL);
    String path = "/admin/v2/namespaces/" + PIPELINE + "/permissions/subject.eye";
    HttpResponse<String> given =
        send(control, house.ports().pulsarHttp(), "POST", path, "[\"consume\"]");
    assertThat(given.statusCode()).isLessThan(300);
    assertThat(grants("GET")).singleElement().asString().startsWith("- ").contains("subject.eye");
    assertThat(grants("POST")).hasSize(1);
    assertThat(grants("GET")).isEmpty();
    try (PulsarClient client = pulsar(certificate(house.credentials("eye")))) {
      assertThatThrownBy(() -> consumer(client, PIPELINE + "/out.all-partition-0").close())
          .isInstanceOf(PulsarClientException.AuthorizationException.class);
    }
  }

  /** Asks control, as an admin of the platform, how Pulsar's grants differ; POST mends them. */
  private List<String> grants(String method) throws Exception {
    HttpResponse<String> reply =
        send(
            house.access("officer"),
            house.ports().control(),
            method,
            "/api/v1/security/grants",
            "");
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    List<String> lines = new ArrayList<>();
    JSON.readTree(reply.body()).path("differences").forEach(line -> lines.add(line.asText()));
    return lines;
  }

  private void grantTakenAway() throws Exception {
    try (PulsarClient client = pulsar(certificate(house.credentials("board")));
        Consumer<byte[]> reader = consumer(client, PIPELINE + "/out.all-partition-0")) {
      assertThat(reader.receive(20, TimeUnit.SECONDS)).isNotNull();
      attacked.apply("grants.yaml", GRANTS.replace("to: [board]", "to: [stranger]"));
      await("the reader is cut off", () -> !reader.isConnected());
      assertThatThrownBy(() -> consumer(client, PIPELINE + "/out.all-partition-0").close())
          .isInstanceOf(PulsarClientException.AuthorizationException.class);
      assertThatThrownBy(
              () -> house.gateway("board").get("/v1/streams/" + PIPELINE + "/all/rows?limit=1"))
          .isInstanceOf(HouseException.class)
          .hasMessageContaining("403");
      attacked.apply("grants.yaml", GRANTS);
      await("the reader may again", reader::isConnected);
    }
    List<AuditRecord> control = attacked.audited("control");
    assertThat(control)
        .filteredOn(
            r -> r.event().action().equals("administer") && r.event().outcome().equals("allowed"))
        .extracting(r -> r.event().who())
        .containsOnly("subject.officer")
        .hasSizeGreaterThanOrEqualTo(2);
    assertThat(attacked.audited("gateway"))
        .anyMatch(
            r -> r.event().who().equals("subject.board") && r.event().outcome().equals("denied"));
    for (String role : List.of("control", "gateway")) {
      assertThat(attacked.auditLog(role).verify().problems()).as(role).isEmpty();
    }
    String metrics =
        send(house.access(Machine.CONTROL), house.ports().gatewayAdmin(), "GET", "/metrics", "")
            .body();
    assertThat(metrics.lines().filter(l -> l.startsWith("sagitta_authz_denied_total{")))
        .anyMatch(l -> l.contains("action=\"read\"") && !l.endsWith(" 0.0"));
  }

  /** The token that {@code name} gets, for gateway and control. */
  private String ownToken(String name) throws Exception {
    JsonNode reply =
        JSON.readTree(
            send(house.access(name), house.ports().control(), "POST", "/api/v1/tokens", "").body());
    String token = reply.path("token").asText();
    assertThat(token).startsWith("eyJ");
    return token;
  }

  private PulsarClient pulsar(Authentication who) throws PulsarClientException {
    return PulsarClient.builder()
        .serviceUrl(house.pulsar().brokerUrl())
        .authentication(who)
        .tlsTrustCertsFilePath(house.credentials("eye").resolve("ca.pem").toString())
        .enableTlsHostnameVerification(true)
        .operationTimeout(5, TimeUnit.SECONDS)
        .lookupTimeout(5, TimeUnit.SECONDS)
        .build();
  }

  private static Authentication certificate(Path folder) {
    return new AuthenticationTls(
        folder.resolve("cert.pem").toString(), folder.resolve("key.pem").toString());
  }

  private Authentication machine(Machine machine) {
    return certificate(house.credentials(machine).orElseThrow());
  }

  private static Consumer<byte[]> consumer(PulsarClient client, String topic)
      throws PulsarClientException {
    return client
        .newConsumer()
        .topic("persistent://" + topic)
        .subscriptionName("attack-" + System.nanoTime())
        .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
        .subscribe();
  }

  /** The token that a node gets for pipeline {@code name}. */
  private String pipelineToken(String name) throws Exception {
    JsonNode reply =
        JSON.readTree(
            send(
                    house.access(Machine.NODE),
                    house.ports().control(),
                    "POST",
                    "/api/v1/tokens/pipelines",
                    "{\"pipelines\":[\"ours/%s\"]}".formatted(name))
                .body());
    return reply.path("tokens").path(0).path("token").asText();
  }
}
