package io.sagitta.service;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.MutableServletContextHandler;
import io.dropwizard.lifecycle.setup.LifecycleEnvironment;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.ThreadPool;

/** Builds a role's HTTP server: bounded headers and times, problems for errors, no access log. */
final class RoleServerFactory extends DefaultServerFactory {
  static final String CLIENTS = "application";
  static final String ADMIN = "admin";

  RoleServerFactory(Listen listen, Function<Boolean, HttpConnectorFactory> connectors) {
    OptionalInt clients = listen.clientPort();
    setApplicationConnectors(
        clients.isPresent()
            ? List.of(connector(connectors.apply(false), listen.getHost(), clients.getAsInt()))
            : List.of());
    setAdminConnectors(
        List.of(connector(connectors.apply(true), listen.getHost(), listen.getAdminPort())));
    setMinThreads(4);
    setMaxThreads(128);
    setShutdownGracePeriod(Duration.seconds(10));
    setRegisterDefaultExceptionMappers(false);
    setEnableThreadNameFilter(false);
    // Jetty would unpack bodies without a bound on their size; who takes bodies unpacks them.
    getGzipFilterFactory().setEnabled(false);
  }

  private static ConnectorFactory connector(HttpConnectorFactory factory, String host, int port) {
    factory.setBindHost(host);
    factory.setPort(port);
    factory.setMaxRequestHeaderSize(DataSize.kibibytes(16));
    factory.setIdleTimeout(Duration.seconds(75));
    factory.setUseServerHeader(false);
    return factory;
  }

  @Override
  protected Server buildServer(LifecycleEnvironment lifecycle, ThreadPool threadPool) {
    Server server = super.buildServer(lifecycle, threadPool);
    server.setErrorHandler(new ProblemErrorHandler());
    return server;
  }

  @Override
  protected void addRequestLog(Server server, String name, MutableServletContextHandler context) {
    // Requests are counted, not logged: see RequestMetrics.
  }

  @Override
  protected void printBanner(String name) {
    // Role says what starts.
  }
}
