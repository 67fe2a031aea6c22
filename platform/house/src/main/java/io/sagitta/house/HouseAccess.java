package io.sagitta.house;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How somebody speaks to a local platform.
 *
 * @param scheme {@code https}, or {@code http} if it is not locked
 * @param tls proves who they are
 */
public record HouseAccess(String scheme, Optional<SSLContext> tls) {
  /** Everybody's, where nothing is locked. */
  static final HouseAccess OPEN = new HouseAccess("http", Optional.empty());

  /** Returns the address of what listens on {@code port}. */
  public URI at(int port) {
    return URI.create(scheme + "://127.0.0.1:" + port);
  }

  /** Returns a client that proves who they are. */
  public HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    tls.ifPresent(builder::sslContext);
    return builder.build();
  }
}
