package io.sagitta.control.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.sagitta.identity.Authorities;
import io.sagitta.identity.IdentityException;
import io.sagitta.identity.SecretFile;
import io.sagitta.service.StartException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * An OpenID Connect provider (OpenID Connect Core 1.0 and Discovery 1.0, code flow with RFC 7636).
 * Only its issuer is ever asked: what its description names must be of the same origin, and no
 * redirect is followed. Thread-safe.
 */
final class OidcProvider {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OidcSettings settings;
  private final HttpClient http;
  private volatile Optional<Described> described = Optional.empty();

  /** What the issuer says of itself. */
  private record Described(URI authorization, URI token, JWKSource<SecurityContext> keys) {}

  OidcProvider(OidcSettings settings) throws StartException {
    this.settings = settings.checked();
    SecretFile.read(settings.secret());
    HttpClient.Builder builder =
        HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER);
    if (settings.ca().isPresent()) {
      builder.sslContext(trusting(settings.ca().get()));
    }
    this.http = builder.build();
  }

  /**
   * The provider did not answer, or not as the standards say; nobody is to blame for logging in.
   */
  static final class AwayException extends Exception {
    private static final long serialVersionUID = 1;

    AwayException(String message) {
      super(message);
    }
  }

  /** Returns where to send a browser for it to log in. */
  URI authorization(OidcSecrets secrets) throws AwayException {
    String query =
        form(
            Map.of(
                "response_type", "code",
                "client_id", settings.client(),
                "redirect_uri", settings.back(),
                "scope", "openid",
                "state", secrets.state(),
                "nonce", secrets.nonce(),
                "code_challenge", secrets.challenge(),
                "code_challenge_method", "S256"));
    URI at = described().authorization();
    return URI.create(at + (at.getRawQuery() == null ? "?" : "&") + query);
  }

  /**
   * Returns the person's name that the provider gives for {@code code}; empty if it gives none, or
   * what it gives proves nothing.
   */
  Optional<String> person(String code, OidcSecrets secrets) throws AwayException {
    Described now = described();
    String own = encoded(settings.client()) + ":" + encoded(SecretFile.read(settings.secret()));
    HttpRequest request =
        HttpRequest.newBuilder(now.token())
            .timeout(PATIENCE)
            .header(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(own.getBytes(UTF_8)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    form(
                        Map.of(
                            "grant_type",
                            "authorization_code",
                            "code",
                            code,
                            "redirect_uri",
                            settings.back(),
                            "code_verifier",
                            secrets.verifier()))))
            .build();
    HttpResponse<InputStream> reply = send(request);
    JsonNode answer = json(reply);
    return reply.statusCode() == 200
        ? person(answer.path("id_token").asText(), secrets, now)
        : Optional.empty();
  }

  private Optional<String> person(String token, OidcSecrets secrets, Described now)
      throws AwayException {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(JWSAlgorithm.parse(settings.algorithm()), now.keys()));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            settings.client(),
            new JWTClaimsSet.Builder()
                .issuer(settings.issuer().toString())
                .claim("nonce", secrets.nonce())
                .build(),
            Set.of("sub", "exp", "iat")));
    try {
      JWTClaimsSet claims = processor.process(SignedJWT.parse(token), null);
      String party = claims.getStringClaim("azp");
      boolean forUs =
          party == null ? claims.getAudience().size() == 1 : party.equals(settings.client());
      return forUs
          ? Optional.ofNullable(claims.getStringClaim(settings.claim()))
          : Optional.empty();
    } catch (ParseException | BadJOSEException e) {
      return Optional.empty();
    } catch (JOSEException e) {
      throw new AwayException("the keys of " + settings.issuer() + ": " + e.getMessage());
    }
  }

  private Described described() throws AwayException {
    Optional<Described> there = described;
    if (there.isPresent()) {
      return there.get();
    }
    String base = settings.issuer().toString().replaceAll("/$", "");
    HttpResponse<InputStream> reply =
        send(get(URI.create(base + "/.well-known/openid-configuration")));
    JsonNode text = json(reply);
    if (!text.path("issuer").asText().equals(settings.issuer().toString())) {
      throw new AwayException(
          "it calls itself '%s' and not %s".formatted(text.path("issuer").asText(), base));
    }
    URI keys = ofIssuer(text, "jwks_uri");
    try {
      Described read =
          new Described(
              ofIssuer(text, "authorization_endpoint"),
              ofIssuer(text, "token_endpoint"),
              JWKSourceBuilder.create(keys.toURL(), url -> keys(keys))
                  .refreshAheadCache(false)
                  .build());
      described = Optional.of(read);
      return read;
    } catch (java.net.MalformedURLException e) {
      throw new AwayException("its jwks_uri is no URL");
    }
  }

  /** Returns what {@code text} has under {@code key}, which must be at the issuer itself. */
  private URI ofIssuer(JsonNode text, String key) throws AwayException {
    String given = text.path(key).asText();
    try {
      URI uri = URI.create(given);
      URI issuer = settings.issuer();
      if (issuer.getScheme().equals(uri.getScheme())
          && issuer.getRawAuthority().equals(uri.getRawAuthority())
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new AwayException("its %s is no URL".formatted(key));
    }
    throw new AwayException("its %s '%s' is not of the issuer's origin".formatted(key, given));
  }

  private Resource keys(URI uri) throws IOException {
    try {
      HttpResponse<InputStream> reply = send(get(uri));
      return new Resource(json(reply).toString(), "application/json");
    } catch (AwayException e) {
      throw new IOException(e);
    }
  }

  private static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws AwayException {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new AwayException(request.uri() + ": " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwayException("interrupted");
    }
  }

  private static JsonNode json(HttpResponse<InputStream> reply) throws AwayException {
    try (InputStream body = reply.body()) {
      byte[] bytes = body.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES || reply.statusCode() / 100 == 3) {
        throw new AwayException(
            "%s answered %d, or too much".formatted(reply.uri(), reply.statusCode()));
      }
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw new AwayException(reply.uri() + " does not answer in JSON");
    }
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(e -> e.getKey() + "=" + encoded(e.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static SSLContext trusting(Path file) throws StartException {
    try {
      return Authorities.trusted(file);
    } catch (IdentityException e) {
      throw new StartException("security.oidc.ca: " + e.getMessage() + ".");
    }
  }
}
