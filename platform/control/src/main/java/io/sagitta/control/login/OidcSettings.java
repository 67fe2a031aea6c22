package io.sagitta.control.login;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sagitta.service.StartException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The identity provider that people may log in with: key {@code oidc} of {@code security}.
 *
 * <pre>{@code
 * oidc:
 *   issuer: https://sso.example/realms/platform
 *   client: sagitta
 *   secret: /etc/sagitta/control/oidc-secret
 *   url: https://control.example:7080
 *   claim: preferred_username
 *   algorithm: RS256
 *   ca: /etc/sagitta/control/sso-ca.pem
 * }</pre>
 *
 * @param issuer as its tokens spell it
 * @param client how it knows control
 * @param secret the file with the client's secret
 * @param url where browsers reach control
 * @param claim of the ID token, whose text is the person's name in the policy; {@code
 *     preferred_username} if left out
 * @param algorithm the one that ID tokens are signed with; {@code RS256} if left out
 * @param ca the authorities that the issuer's certificate may be of; Java's own if left out
 */
public record OidcSettings(
    URI issuer,
    String client,
    Path secret,
    URI url,
    String claim,
    String algorithm,
    Optional<Path> ca) {
  /** Where the provider sends people back to. */
  public static final String BACK = "/api/v1/session/oidc/back";

  private static final Set<String> ALGORITHMS = Set.of("RS256", "PS256", "ES256", "ES384", "EdDSA");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  /** Reads them as a configuration file has them. */
  @JsonCreator
  static OidcSettings of(
      @JsonProperty(value = "issuer", required = true) URI issuer,
      @JsonProperty(value = "client", required = true) String client,
      @JsonProperty(value = "secret", required = true) String secret,
      @JsonProperty(value = "url", required = true) URI url,
      @JsonProperty("claim") @Nullable String claim,
      @JsonProperty("algorithm") @Nullable String algorithm,
      @JsonProperty("ca") @Nullable String ca) {
    return new OidcSettings(
        issuer,
        client,
        Path.of(secret),
        url,
        Objects.requireNonNullElse(claim, "preferred_username"),
        Objects.requireNonNullElse(algorithm, "RS256"),
        Optional.ofNullable(ca).map(Path::of));
  }

  /** Returns these if they can be used. */
  OidcSettings checked() throws StartException {
    if (!isSafe(issuer)) {
      throw new StartException(
          "security.oidc.issuer is '%s': it begins with https://, or is on loopback."
              .formatted(issuer));
    }
    if (!"https".equals(url.getScheme()) || url.getHost() == null || !url.getPath().isEmpty()) {
      throw new StartException(
          "security.oidc.url is '%s': write where browsers reach control, as https://HOST:PORT."
              .formatted(url));
    }
    if (!ALGORITHMS.contains(algorithm)) {
      throw new StartException(
          "security.oidc.algorithm is '%s': take one of %s.".formatted(algorithm, ALGORITHMS));
    }
    return this;
  }

  /** In plain only to this machine, by a name that nobody else can answer to. */
  private static boolean isSafe(URI uri) {
    return uri.getHost() != null
        && ("https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost())));
  }

  /** Returns where the provider sends people back to, as it has to be registered there. */
  String back() {
    return url + BACK;
  }
}
