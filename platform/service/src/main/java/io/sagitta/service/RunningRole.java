package io.sagitta.service;

import io.sagitta.service.access.Route;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A role that has started. Closing it waits for requests under way, 10 s at most. */
public final class RunningRole implements AutoCloseable {
  private final Server server;
  private final List<Route> routes;

  RunningRole(Server server, List<Route> routes) {
    this.server = server;
    this.routes = routes;
  }

  /** Returns the ways in for clients. */
  public List<Route> routes() {
    return routes;
  }

  /** Returns the port for clients. */
  public int port() {
    return port(RoleServerFactory.CLIENTS);
  }

  /** Returns the port of health checks and metrics. */
  public int adminPort() {
    return port(RoleServerFactory.ADMIN);
  }

  private int port(String name) {
    return Arrays.stream(server.getConnectors())
        .filter(c -> c.getName().equals(name))
        .mapToInt(c -> ((ServerConnector) c).getLocalPort())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("This role has no port for " + name));
  }

  /** Waits until it stops. */
  public void join() throws InterruptedException {
    server.join();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The role did not stop cleanly", e);
    }
  }
}
