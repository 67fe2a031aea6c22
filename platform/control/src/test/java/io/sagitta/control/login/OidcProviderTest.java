package io.sagitta.control.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sagitta.control.login.OidcProvider.AwayException;
import io.sagitta.service.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a provider, or whoever stands in its place, may answer; only the right one names somebody.
 */
final class OidcProviderTest {
  private static final String CLIENT = "sagitta-control";

  private final HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final AtomicInteger strayed = new AtomicInteger();
  private final Path secret;
  private final RSAKey key;
  private final OidcSecrets secrets = OidcSecrets.random();

  OidcProviderTest(@TempDir Path dir) throws Exception {
    secret =
        Files.createFile(
            dir.resolve("secret"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, "known to both\n");
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    describe("issuer", issuer());
    answers.put("/keys", new JWKSet(key.toPublicJWK()).toString());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void describe(String key, String value) {
    String text =
        """
        {"issuer":"%1$s","authorization_endpoint":"%1$s/auth","token_endpoint":"%1$s/token",
         "jwks_uri":"%1$s/keys"}
        """
            .formatted(issuer());
    answers.put(
        "/.well-known/openid-configuration",
        text.replaceAll("\"" + key + "\":\"[^\"]*\"", "\"" + key + "\":\"" + value + "\""));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String text = answers.getOrDefault(path, "");
    if (path.equals("/strayed")) {
      strayed.incrementAndGet();
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (text.startsWith("->")) {
      exchange.getResponseHeaders().add("Location", text.substring(2));
      exchange.sendResponseHeaders(302, -1);
    } else {
      byte[] bytes = text.getBytes(UTF_8);
      exchange.sendResponseHeaders(
          text.isEmpty() ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private OidcSettings settings(String issuer, String url) {
    return new OidcSettings(
        URI.create(issuer), CLIENT, secret, URI.create(url), "name", "RS256", Optional.empty());
  }

  private OidcProvider provider() throws StartException {
    return new OidcProvider(settings(issuer(), "https://localhost:7080"));
  }

  private JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .audience(CLIENT)
        .subject("8f1c")
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(Duration.ofMinutes(1))))
        .claim("nonce", secrets.nonce())
        .claim("name", "ada");
  }

  private String signed(JWTClaimsSet.Builder claims, RSAKey with) throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims.build());
    token.sign(new RSASSASigner(with));
    return token.serialize();
  }

  private Optional<String> person(String token) throws Exception {
    answers.put("/token", "{\"id_token\":\"" + token + "\"}");
    return provider().person("code", secrets);
  }

  @Test
  void token_right_namesThePerson() throws Exception {
    assertThat(person(signed(claims(), key))).hasValue("ada");
    assertThat(person(signed(claims().audience(List.of(CLIENT, "x")).claim("azp", CLIENT), key)))
        .hasValue("ada");
  }

  @Test
  void token_wrongInOneThing_namesNobody() throws Exception {
    Date past = Date.from(Instant.now().minus(Duration.ofMinutes(10)));
    assertThat(person(signed(claims().issuer("https://other.example"), key))).isEmpty();
    assertThat(person(signed(claims().audience("other"), key))).isEmpty();
    assertThat(person(signed(claims().audience(List.of(CLIENT, "x")), key))).isEmpty();
    assertThat(person(signed(claims().claim("azp", "other"), key))).isEmpty();
    assertThat(person(signed(claims().expirationTime(past), key))).isEmpty();
    assertThat(person(signed(claims().expirationTime(null), key))).isEmpty();
    assertThat(person(signed(claims().claim("nonce", OidcSecrets.random().nonce()), key)))
        .as("a token of another login")
        .isEmpty();
    assertThat(person(signed(claims().claim("nonce", null), key))).isEmpty();
    assertThat(person(signed(claims().claim("name", null), key))).isEmpty();
    assertThat(person(signed(claims().claim("name", List.of("ada")), key))).isEmpty();
    assertThat(person(signed(claims(), new RSAKeyGenerator(2048).keyID("one").generate())))
        .as("another key")
        .isEmpty();
    assertThat(person("")).isEmpty();
    assertThat(person("a.b.c")).isEmpty();
  }

  @Test
  void token_otherAlgorithm_namesNobody() throws Exception {
    assertThat(person(new PlainJWT(claims().build()).serialize())).as("none").isEmpty();
    SignedJWT mac =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims().build());
    mac.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
    assertThat(person(mac.serialize())).as("the public key as a secret").isEmpty();
  }

  @Test
  void description_ofAnotherPlace_isNotFollowed() throws Exception {
    for (String endpoint : List.of("authorization_endpoint", "token_endpoint", "jwks_uri")) {
      for (String place :
          List.of(
              "https://evil.example/x",
              issuer().replace("127.0.0.1", "127.0.0.1@evil.example"),
              issuer().replace("http:", "https:"),
              "file:///etc/passwd",
              "/relative",
              "")) {
        describe(endpoint, place);
        OidcProvider provider = provider();
        assertThatThrownBy(() -> provider.authorization(secrets))
            .as(endpoint + " " + place)
            .isInstanceOf(AwayException.class);
      }
    }
    describe("issuer", "https://evil.example");
    OidcProvider provider = provider();
    assertThatThrownBy(() -> provider.authorization(secrets)).isInstanceOf(AwayException.class);
  }

  @Test
  void redirect_isNotFollowed() throws Exception {
    for (String path : List.of("/token", "/.well-known/openid-configuration")) {
      String before = answers.getOrDefault(path, "");
      answers.put(path, "->" + issuer() + "/strayed");
      OidcProvider provider = provider();
      assertThatThrownBy(() -> provider.person("code", secrets)).isInstanceOf(AwayException.class);
      answers.put(path, before);
    }
    assertThat(strayed).hasValue(0);
  }

  @Test
  void answer_tooLongOrNoJson_isNone() throws Exception {
    for (String text : List.of("x".repeat((1 << 20) + 2), "<html>")) {
      answers.put("/token", text);
      OidcProvider provider = provider();
      assertThatThrownBy(() -> provider.person("code", secrets)).isInstanceOf(AwayException.class);
    }
  }

  @Test
  void secrets_areDifferentForEachUseAndBrowser() {
    assertThat(List.of(secrets.state(), secrets.nonce(), secrets.verifier(), secrets.challenge()))
        .doesNotHaveDuplicates()
        .allSatisfy(s -> assertThat(s).matches("[A-Za-z0-9_-]{43}"));
    assertThat(OidcSecrets.random().state()).isNotEqualTo(secrets.state());
    assertThat(secrets).asString().doesNotContain(secrets.seed());
  }

  @Test
  void settings_unsafe_areRefusedAtTheStart() {
    for (OidcSettings settings :
        List.of(
            settings("http://sso.example", "https://localhost"),
            settings("ftp://127.0.0.1", "https://localhost"),
            settings("http:nowhere", "https://localhost"),
            settings(issuer(), "http://localhost"),
            settings(issuer(), "https://localhost/path"))) {
      assertThatThrownBy(() -> new OidcProvider(settings)).isInstanceOf(StartException.class);
    }
  }
}
