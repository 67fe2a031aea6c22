package io.sagitta.service;

import com.codahale.metrics.health.HealthCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** Healthy while a server accepts connections at a URL. */
public final class TcpCheck extends HealthCheck {
  private static final int TIMEOUT_MILLIS = 2_000;

  private final String url;

  /** Checks the host and port of {@code url}, such as {@code pulsar://127.0.0.1:6650}. */
  public TcpCheck(String url) {
    this.url = url;
  }

  @Override
  protected Result check() {
    URI uri = URI.create(url);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), TIMEOUT_MILLIS);
      return Result.healthy(url + " accepts connections");
    } catch (IOException | IllegalArgumentException e) {
      return Result.unhealthy(url + " does not accept connections: " + e.getMessage());
    }
  }
}
