package io.sagitta.service;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.fasterxml.jackson.databind.DeserializationFeature;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.errors.EofExceptionWriterInterceptor;
import io.dropwizard.jersey.validation.Validators;
import io.sagitta.service.access.Doors;
import io.sagitta.service.access.Route;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the platform's processes: a Dropwizard service with problem replies, Prometheus metrics at
 * {@code /metrics} and health checks at {@code /healthcheck} of its admin port. A role registers
 * resources, and {@code Managed} objects for whatever must start before the ports open and stop
 * after they have closed.
 *
 * <p>Not Dropwizard's {@code Application}: that answers a taken port or a bad key with a stack
 * trace, and brings a command line.
 *
 * @param <C> what its YAML file holds
 */
public abstract class Role<C extends ServiceConfiguration> {
  private static final Logger LOG = LoggerFactory.getLogger(Role.class);

  private final String name;
  private final Class<C> configuration;

  /** Creates a role called {@code name}, such as {@code gateway}. */
  protected Role(String name, Class<C> configuration) {
    this.name = name;
    this.configuration = configuration;
  }

  /**
   * Registers what the role is made of; the ports are not open yet.
   *
   * @throws StartException if its operator must mend something first
   */
  protected abstract void prepare(
      C configuration, Environment environment, Metrics metrics, Doors doors) throws Exception;

  /** Runs {@code role} with the file in {@code arguments} until the process ends; never returns. */
  public static void main(Role<?> role, String... arguments) {
    if (arguments.length != 1) {
      System.err.println("Usage: " + role.name + " CONFIGURATION.yml");
      System.exit(2);
    }
    try {
      role.start(Path.of(arguments[0])).join();
    } catch (StartException e) {
      System.err.println("sagitta " + role.name + ": " + e.getMessage());
      System.exit(1);
    } catch (Exception e) {
      LOG.error("Cannot start role={}", role.name, e);
      System.exit(1);
    }
    System.exit(0);
  }

  /** Starts with the configuration in {@code file}. */
  public final RunningRole start(Path file) throws Exception {
    return start(read(file));
  }

  /** Starts with {@code settings}. */
  public final RunningRole start(C settings) throws Exception {
    Protection protection = Protection.of(settings, name);
    try {
      return start(settings, protection);
    } catch (Exception e) {
      protection.close();
      throw e;
    }
  }

  private RunningRole start(C settings, Protection protection) throws Exception {
    LogSettings.complete(settings.getLoggingFactory());
    MetricRegistry unpublished = new MetricRegistry();
    settings.getLoggingFactory().configure(unpublished, name);
    Environment environment = environment(settings, unpublished);
    Metrics metrics = new Metrics();
    environment.admin().addServlet("prometheus", metrics.servlet()).addMapping("/metrics");
    environment.healthChecks().register("pulsar", new TcpCheck(settings.pulsar().getServiceUrl()));
    if (settings.listen().clientPort().isPresent()) {
      environment.jersey().register(new ProblemMapper());
      environment.jersey().register(new RequestMetrics(metrics));
      environment.jersey().register(new EofExceptionWriterInterceptor(unpublished));
    } else {
      environment.jersey().disable();
    }
    Doors doors = protection.doors(environment, metrics);
    prepare(settings, environment, metrics, doors);
    List<Route> routes = doors.routes();
    Server server =
        new RoleServerFactory(settings.listen(), protection.connectors()).build(environment);
    open(server);
    try {
      server.start();
    } catch (Exception e) {
      server.stop();
      throw e;
    }
    RunningRole running = new RunningRole(server, routes);
    announce(settings, running);
    return running;
  }

  private C read(Path file) throws StartException, IOException {
    try {
      return Objects.requireNonNull(
          new YamlConfigurationFactory<>(
                  configuration,
                  null,
                  Jackson.newObjectMapper()
                      .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES),
                  "sagitta." + name)
              .build(new FileConfigurationSourceProvider(), file.toString()));
    } catch (NoSuchFileException | java.io.FileNotFoundException e) {
      throw new StartException("There is no file " + file + ".");
    } catch (ConfigurationException e) {
      throw new StartException(
          Objects.requireNonNullElse(e.getMessage(), "").strip().replaceAll("\\s*\\R\\s*", " "));
    }
  }

  private Environment environment(C settings, MetricRegistry unpublished) {
    return new Environment(
        name,
        Jackson.newObjectMapper(),
        Validators.newValidatorFactory(),
        unpublished,
        getClass().getClassLoader(),
        new HealthCheckRegistry(),
        settings);
  }

  private void open(Server server) throws StartException, IOException {
    try {
      for (Connector connector : server.getConnectors()) {
        open((ServerConnector) connector);
      }
    } catch (StartException | IOException e) {
      for (Connector connector : server.getConnectors()) {
        ((ServerConnector) connector).close();
      }
      throw e;
    }
  }

  private void open(ServerConnector connector) throws StartException, IOException {
    try {
      connector.open();
    } catch (IOException e) {
      if (!(e.getCause() instanceof BindException cause)) {
        throw e;
      }
      String key =
          connector.getName().equals(RoleServerFactory.CLIENTS)
              ? "listen.port"
              : "listen.adminPort";
      String place = connector.getHost() + ":" + connector.getPort();
      throw new StartException(
          "Cannot listen on "
              + place
              + " ("
              + cause.getMessage()
              + "). Stop what uses port "
              + connector.getPort()
              + ", or set another "
              + key
              + ".");
    }
  }

  private void announce(C settings, RunningRole running) {
    String host = settings.listen().getHost();
    String scheme = settings.isUnprotected() ? "http" : "https";
    String admin = scheme + "://" + host + ":" + running.adminPort();
    if (settings.listen().clientPort().isPresent()) {
      LOG.info("Ready role={} url={}://{}:{} admin={}", name, scheme, host, running.port(), admin);
    } else {
      LOG.info("Ready role={} admin={}", name, admin);
    }
    if (settings.isUnprotected()) {
      LOG.warn("UNPROTECTED: whoever reaches these ports on loopback may do everything");
    }
  }
}
