package io.sagitta.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokensTest {
  private static final Duration LIFE = Duration.ofMinutes(15);
  private static final Identity DASHBOARD = new Identity.Subject("dashboard");

  private final Path folder;
  private final Moving clock = new Moving();

  TokensTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A clock that a test moves. */
  private static final class Moving extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private TokenKeys keys(String algorithm) {
    return TokenKeys.in(folder.resolve("keys.json"), algorithm, clock);
  }

  private TokenIssuer issuer(TokenKeys keys) {
    return new TokenIssuer(keys, "https://control", clock);
  }

  private TokenVerifier verifier(TokenKeys keys) {
    return new TokenVerifier(
        keys.algorithm().getName(), "https://control", "sagitta", keys::published, clock);
  }

  @Test
  void publishedFile_isWhatVerifies_alsoAfterARotationAndAStart() throws Exception {
    Path file = folder.resolve("published.json");
    Path own = folder.resolve("keys.json");
    TokenKeys keys = TokenKeys.in(own, Optional.of(file), "ES256", clock);
    assertThat(Files.readString(file)).isEqualTo(keys.published()).doesNotContain("\"d\"");
    clock.now = clock.now.plusSeconds(1);
    keys.rotate(LIFE);
    assertThat(Files.readString(file)).isEqualTo(keys.published());
    assertThat(JWKSet.parse(keys.published()).size()).isEqualTo(2);

    Files.delete(file);
    clock.now = clock.now.plus(LIFE);
    assertThat(Files.exists(file)).isFalse();
    TokenKeys.in(own, Optional.of(file), "ES256", clock);
    assertThat(JWKSet.parse(Files.readString(file)).size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "ES384", "RS256"})
  void tokenProvesItsSubject(String algorithm) throws Exception {
    TokenKeys keys = keys(algorithm);
    TokenIssuer.Token token = issuer(keys).issue(DASHBOARD, "sagitta", LIFE);

    assertThat(verifier(keys).verify(token.text()))
        .isEqualTo(new TokenVerifier.Proven(DASHBOARD, clock.instant().plus(LIFE)));
    assertThat(token.toString()).doesNotContain(token.text());
  }

  @Test
  void pipelinesAndMachinesHaveTokensToo() throws Exception {
    TokenKeys keys = keys("ES256");
    Identity pipeline = new Identity.Pipeline("aviation", "flights-on-time");

    String token = issuer(keys).issue(pipeline, "sagitta", LIFE).text();

    assertThat(verifier(keys).verify(token).identity()).isEqualTo(pipeline);
  }

  @Test
  void expired_isRefused() {
    TokenKeys keys = keys("ES256");
    String token = issuer(keys).issue(DASHBOARD, "sagitta", LIFE).text();
    clock.now = clock.now.plus(LIFE).plusSeconds(61);

    assertRefused(keys, token, "Expired");
  }

  @Test
  void otherAudience_isRefused() {
    TokenKeys keys = keys("ES256");

    assertRefused(keys, issuer(keys).issue(DASHBOARD, "pulsar", LIFE).text(), "aud ");
  }

  @Test
  void otherIssuer_isRefused() {
    TokenKeys keys = keys("ES256");

    assertRefused(
        keys,
        new TokenIssuer(keys, "https://evil", clock).issue(DASHBOARD, "sagitta", LIFE).text(),
        "iss");
  }

  @Test
  void otherKey_isRefused() {
    TokenKeys others = TokenKeys.in(folder.resolve("others.json"), "ES256", clock);

    assertRefused(keys("ES256"), issuer(others).issue(DASHBOARD, "sagitta", LIFE).text(), "");
  }

  @Test
  void unsigned_isRefused() {
    TokenKeys keys = keys("ES256");

    assertRefused(keys, new PlainJWT(claims()).serialize(), "no signed");
  }

  @Test
  void signedWithThePublicKeyAsSecret_isRefused() throws Exception {
    TokenKeys keys = keys("RS256");
    byte[] published =
        JWKSet.parse(keys.published()).getKeys().get(0).toRSAKey().toPublicKey().getEncoded();
    SignedJWT confused = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims());
    confused.sign(new MACSigner(published));

    assertRefused(keys, confused.serialize(), "");
  }

  @Test
  void changedClaims_areRefused() throws Exception {
    TokenKeys keys = keys("ES256");
    String[] parts = issuer(keys).issue(DASHBOARD, "sagitta", LIFE).text().split("\\.");
    String forged =
        parts[0]
            + "."
            + com.nimbusds.jose.util.Base64URL.encode(
                new String(
                        com.nimbusds.jose.util.Base64URL.from(parts[1]).decode(),
                        java.nio.charset.StandardCharsets.UTF_8)
                    .replace("dashboard", "build-server"))
            + "."
            + parts[2];

    assertRefused(keys, forged, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "eyJhbGciOiJub25lIn0..", "\u0000", "Bearer x"})
  void nonsense_isRefused(String token) {
    assertRefused(keys("ES256"), token, "");
  }

  @Test
  void longTokens_areRefusedUnread() {
    assertRefused(keys("ES256"), "a.".repeat(100_000), "longer");
  }

  @Test
  void keysOverlap_untilTheOverlapHasPassed() throws Exception {
    TokenKeys keys = keys("ES256");
    TokenVerifier verifier = verifier(keys);
    String old = issuer(keys).issue(DASHBOARD, "sagitta", Duration.ofDays(1)).text();
    clock.now = clock.now.plusSeconds(10);

    keys.rotate(Duration.ofHours(1));

    String next = issuer(keys).issue(DASHBOARD, "sagitta", Duration.ofDays(1)).text();
    assertThat(keyId(next)).isNotEqualTo(keyId(old));
    assertThat(verifier.verify(old).identity()).isEqualTo(DASHBOARD);
    assertThat(verifier.verify(next).identity()).isEqualTo(DASHBOARD);
    clock.now = clock.now.plus(Duration.ofHours(1));
    assertRefused(keys, old, "");
    assertThat(verifier.verify(next).identity()).isEqualTo(DASHBOARD);
  }

  @Test
  void keysStay_overARestart() throws Exception {
    String token = issuer(keys("ES256")).issue(DASHBOARD, "sagitta", LIFE).text();

    assertThat(verifier(keys("ES256")).verify(token).identity()).isEqualTo(DASHBOARD);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("keys.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void published_holdsNoPrivateKey() throws ParseException {
    assertThat(JWKSet.parse(keys("ES256").published()).containsNonPublicKeys()).isFalse();
  }

  private JWTClaimsSet claims() {
    return new JWTClaimsSet.Builder()
        .issuer("https://control")
        .subject(DASHBOARD.principal())
        .audience("sagitta")
        .issueTime(Date.from(clock.instant()))
        .expirationTime(Date.from(clock.instant().plus(LIFE)))
        .jwtID("1")
        .build();
  }

  private static String keyId(String token) throws ParseException {
    return SignedJWT.parse(token).getHeader().getKeyID();
  }

  private void assertRefused(TokenKeys keys, String token, String why) {
    assertThatThrownBy(() -> verifier(keys).verify(token))
        .isInstanceOf(RefusedTokenException.class)
        .hasMessageContaining(why);
  }
}
