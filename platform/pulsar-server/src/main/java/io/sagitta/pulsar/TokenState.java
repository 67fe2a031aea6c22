package io.sagitta.pulsar;

import io.jsonwebtoken.Claims;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import javax.naming.AuthenticationException;
import javax.net.ssl.SSLSession;
import org.apache.pulsar.broker.authentication.AuthenticationDataCommand;
import org.apache.pulsar.broker.authentication.AuthenticationDataSource;
import org.apache.pulsar.broker.authentication.AuthenticationState;
import org.apache.pulsar.common.api.AuthData;
import org.jspecify.annotations.Nullable;

/**
 * One connection's token: the broker asks for a new one once it has expired, and ends the
 * connection if none comes.
 */
final class TokenState implements AuthenticationState {
  private final PlatformTokens tokens;
  private final SocketAddress remoteAddress;
  private final SSLSession session;
  private volatile Optional<Proven> proven = Optional.empty();

  private record Proven(Claims claims, AuthenticationDataSource data) {}

  TokenState(PlatformTokens tokens, SocketAddress remoteAddress, SSLSession session) {
    this.tokens = tokens;
    this.remoteAddress = remoteAddress;
    this.session = session;
  }

  @Override
  @Deprecated
  public @Nullable AuthData authenticate(AuthData data) throws AuthenticationException {
    String token = new String(data.getBytes(), StandardCharsets.UTF_8);
    proven =
        Optional.of(
            new Proven(
                tokens.claims(token),
                new AuthenticationDataCommand(token, remoteAddress, session)));
    return null; // Pulsar's own word for: no further question.
  }

  @Override
  public String getAuthRole() throws AuthenticationException {
    return proven
        .orElseThrow(() -> new AuthenticationException("No token yet"))
        .claims()
        .getSubject();
  }

  @Override
  public @Nullable AuthenticationDataSource getAuthDataSource() {
    return proven.map(Proven::data).orElse(null);
  }

  @Override
  @Deprecated
  public boolean isComplete() {
    return proven.isPresent();
  }

  @Override
  public boolean isExpired() {
    return proven
        .map(known -> known.claims().getExpiration().toInstant().isBefore(Instant.now()))
        .orElse(true);
  }
}
