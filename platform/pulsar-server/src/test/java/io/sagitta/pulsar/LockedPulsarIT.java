package io.sagitta.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.sagitta.identity.Identity;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.apache.pulsar.client.api.Authentication;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.auth.AuthenticationDisabled;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a locked server refuses, with real certificates and tokens; and that it lives on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockedPulsarIT {
  private final Path dir;
  private final LockedRig rig;

  LockedPulsarIT(@TempDir Path dir) throws Exception {
    this.dir = dir;
    this.rig = new LockedRig(dir);
  }

  @AfterAll
  void stop() {
    rig.close();
  }

  /** Whatever was tried: the process lives, and who may work can. */
  @AfterEach
  void attacked_server_goesOn() throws Exception {
    assertThat(rig.pulsar().isAlive()).isTrue();
    rig.roundTrip(rig.token(LockedRig.PIPELINE));
  }

  @Test
  void ports_ofTheProcess_areTwoAndSpeakTlsOnly() throws Exception {
    List<Integer> ports = Sockets.listening(rig.pulsar().pid());
    assertThat(ports).containsExactlyInAnyOrderElementsOf(ports());
    for (int port : ports) {
      String answer =
          new String(
              Sockets.answer(
                  port, "GET /metrics/ HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
              StandardCharsets.ISO_8859_1);
      assertThat(answer).doesNotStartWith("HTTP");
    }
  }

  @Test
  void greeting_ofOldTls_isRefused() throws IOException {
    for (int port : ports()) {
      assertThat(Sockets.alert(Sockets.answer(port, Sockets.helloOfTls11())))
          .isEqualTo(Sockets.PROTOCOL_VERSION);
    }
  }

  @Test
  void client_withoutProof_isRefused() throws Exception {
    assertThatThrownBy(() -> rig.roundTrip(AuthenticationDisabled.INSTANCE))
        .isInstanceOf(PulsarClientException.AuthenticationException.class);
    assertThat(rig.status("/admin/v2/tenants", rig.folder(Identity.Machine.NODE))).isEqualTo(401);
    assertThat(rig.status("/admin/v2/tenants", rig.folder(Identity.Machine.CONTROL)))
        .isEqualTo(200);
  }

  @Test
  void certificate_ofAnotherAuthorityOrExpired_isRefused() throws Exception {
    Clock threeDaysAgo = Clock.fixed(Instant.now().minus(Duration.ofDays(3)), ZoneOffset.UTC);
    for (Path folder :
        List.of(
            rig.control("stranger", "another-ca", LockedRig.CLOCK),
            rig.control("expired", "ca", threeDaysAgo))) {
      assertThatThrownBy(() -> rig.roundTrip(LockedRig.certificate(folder)))
          .isInstanceOf(PulsarClientException.class);
      assertThatThrownBy(() -> rig.status("/admin/v2/tenants", folder))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void server_underAnotherName_isRefusedByItsOwnClient() {
    LocalPulsarOptions options =
        rig.options("data-elsewhere", rig.brokerElsewhere())
            .withStartTimeout(Duration.ofSeconds(40));
    assertThatThrownBy(() -> LocalPulsar.start(options).close())
        .isInstanceOf(LocalPulsarException.class)
        .hasMessageContaining("elsewhere");
  }

  @Test
  void token_ofSomebodyElse_mayNothingHere() {
    for (Identity other :
        List.of(new Identity.Pipeline("t", "other"), new Identity.Subject("viewer"))) {
      assertThatThrownBy(() -> rig.roundTrip(rig.token(other)))
          .isInstanceOf(PulsarClientException.AuthorizationException.class);
    }
  }

  @Test
  void token_forged_isRefused() throws Exception {
    JWTClaimsSet control =
        new JWTClaimsSet.Builder()
            .issuer(LockedRig.ISSUER)
            .subject(Identity.Machine.CONTROL.principal())
            .audience(LockedRig.AUDIENCE)
            .expirationTime(Date.from(Instant.now().plus(LockedRig.DAY)))
            .build();
    JWK known = JWKSet.parse(rig.keys().published()).getKeys().get(0);
    SignedJWT symmetric =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(known.getKeyID()).build(), control);
    symmetric.sign(new MACSigner(known.toECKey().toPublicKey().getEncoded()));
    for (String token : List.of(new PlainJWT(control).serialize(), symmetric.serialize())) {
      assertRefused(AuthenticationFactory.token(token));
    }
  }

  @Test
  void token_ofOtherKeysIssuerAudienceOrTime_isRefused() {
    TokenKeys others = TokenKeys.in(dir.resolve("others.json"), "ES256", LockedRig.CLOCK);
    Clock anHourAgo = Clock.fixed(Instant.now().minus(Duration.ofHours(1)), ZoneOffset.UTC);
    String expired =
        new TokenIssuer(rig.keys(), LockedRig.ISSUER, anHourAgo)
            .issue(LockedRig.PIPELINE, LockedRig.AUDIENCE, Duration.ofMinutes(59))
            .text();
    for (Authentication token :
        List.of(
            LockedRig.token(others, LockedRig.ISSUER, LockedRig.PIPELINE, LockedRig.AUDIENCE),
            LockedRig.token(rig.keys(), "somebody", LockedRig.PIPELINE, LockedRig.AUDIENCE),
            LockedRig.token(rig.keys(), LockedRig.ISSUER, LockedRig.PIPELINE, "sagitta"),
            AuthenticationFactory.token(expired))) {
      assertRefused(token);
    }
  }

  @Test
  void keys_thatOverlap_areBothGood() throws Exception {
    TokenKeys next = TokenKeys.in(dir.resolve("next.json"), "ES256", LockedRig.CLOCK);
    Authentication underNext =
        LockedRig.token(next, LockedRig.ISSUER, LockedRig.PIPELINE, LockedRig.AUDIENCE);
    assertRefused(underNext);
    List<JWK> both = new ArrayList<>(JWKSet.parse(rig.keys().published()).getKeys());
    both.addAll(JWKSet.parse(next.published()).getKeys());

    rig.publish(new JWKSet(both).toString(true));

    rig.roundTrip(underNext);
    rig.roundTrip(rig.token(LockedRig.PIPELINE));
  }

  private void assertRefused(Authentication proof) {
    assertThatThrownBy(() -> rig.roundTrip(proof))
        .isInstanceOf(PulsarClientException.AuthenticationException.class);
  }

  private List<Integer> ports() {
    return List.of(
        URI.create(rig.pulsar().brokerUrl()).getPort(), rig.pulsar().adminUrl().getPort());
  }
}
