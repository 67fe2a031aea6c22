package io.sagitta.pulsar;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwtException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import javax.naming.AuthenticationException;
import javax.net.ssl.SSLSession;
import org.apache.pulsar.broker.ServiceConfiguration;
import org.apache.pulsar.broker.authentication.AuthenticationDataSource;
import org.apache.pulsar.broker.authentication.AuthenticationProvider;
import org.apache.pulsar.broker.authentication.AuthenticationProviderToken;
import org.apache.pulsar.broker.authentication.AuthenticationState;
import org.apache.pulsar.common.api.AuthData;

/**
 * The broker's judge of tokens: a JWT signed by a key of the platform's key set, for this audience,
 * by this issuer, not expired; its subject is the role.
 *
 * <p>Pulsar's own judge reads one key once, at its start: a new key would mean a restart of every
 * broker, at which all tokens under the old one end. It also does not look at the issuer and takes
 * tokens that never expire. Runs in the server's process, in the jar of {@link ServerClassPath}.
 */
public final class PlatformTokens implements AuthenticationProvider {
  private Optional<TokenJudge> judge = Optional.empty();

  /** Called by the broker, by name. */
  public PlatformTokens() {}

  @Override
  @Deprecated
  public void initialize(ServiceConfiguration configuration) throws IOException {
    judge =
        Optional.of(
            TokenJudge.open(
                Path.of(setting(configuration, LocalPulsarSecurity.TOKEN_KEYS)),
                setting(configuration, LocalPulsarSecurity.TOKEN_ALGORITHM),
                setting(configuration, LocalPulsarSecurity.TOKEN_ISSUER),
                setting(configuration, LocalPulsarSecurity.TOKEN_AUDIENCE)));
  }

  private static String setting(ServiceConfiguration configuration, String key) {
    return Optional.ofNullable((String) configuration.getProperty(key))
        .orElseThrow(() -> new IllegalArgumentException(key + " is not set"));
  }

  @Override
  public String getAuthMethodName() {
    return "token";
  }

  @Override
  @Deprecated
  public String authenticate(AuthenticationDataSource data) throws AuthenticationException {
    return claims(AuthenticationProviderToken.getToken(data)).getSubject();
  }

  @Override
  public AuthenticationState newAuthState(
      AuthData data, SocketAddress remoteAddress, SSLSession session) {
    return new TokenState(this, remoteAddress, session);
  }

  Claims claims(String token) throws AuthenticationException {
    try {
      return judge.orElseThrow().claims(token);
    } catch (JwtException | IllegalArgumentException e) {
      // Not the cause itself: some of its messages quote the token.
      throw new AuthenticationException("The token is refused: " + e.getClass().getSimpleName());
    }
  }

  @Override
  public void close() {}
}
