package io.sagitta.gateway;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.sagitta.gateway.catalog.Catalog;
import io.sagitta.gateway.ingest.IngestRoutes;
import io.sagitta.gateway.streams.StreamRoutes;
import io.sagitta.policy.Tenant;
import io.sagitta.service.Metrics;
import io.sagitta.service.Role;
import io.sagitta.service.access.Doors;
import io.sagitta.service.access.PolicyInForce;
import io.sagitta.service.access.PolicyTexts;
import io.sagitta.transport.PolicyTopic;
import io.sagitta.transport.PulsarAccess;
import io.sagitta.transport.PulsarConnection;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** The gateway: rows in over HTTP, streams out over HTTP and WebSocket. */
public final class GatewayRole extends Role<GatewayConfiguration> {
  /** Creates the role. */
  public GatewayRole() {
    super("gateway", GatewayConfiguration.class);
  }

  @Override
  protected void prepare(
      GatewayConfiguration configuration, Environment environment, Metrics metrics, Doors doors) {
    String serviceUrl = configuration.pulsar().getServiceUrl();
    long ingestBytes = configuration.ingest().getMemory().toBytes();
    long streamBytes = configuration.streams().getMemory().toBytes();
    // Our own budget refuses long before the client's bound, which would break a request's middle.
    PulsarConnection connection =
        PulsarConnection.open(
            serviceUrl,
            PulsarAccess.to(serviceUrl, configuration.tls().folder()),
            2 * ingestBytes + streamBytes);
    BufferAllocator allocator = new RootAllocator(2 * ingestBytes + streamBytes);
    environment.lifecycle().manage(closing(allocator));
    environment.lifecycle().manage(closing(connection));
    if (doors.keeper().isGuarded()) {
      environment.lifecycle().manage(closing(follow(connection, doors.keeper().policy())));
    }
    Catalog catalog = new Catalog(connection);
    environment.lifecycle().manage(catalog);
    environment.healthChecks().register("deployments", new DeploymentsCheck(catalog));
    metrics
        .gauge("sagitta_arrow_memory_bytes", "Off-heap memory of batches.")
        .follow(allocator::getAllocatedMemory);
    IngestRoutes.register(
        environment,
        metrics,
        configuration.ingest(),
        catalog,
        tenant -> rowsPerSecond(doors.keeper().policy(), tenant),
        connection,
        allocator);
    StreamRoutes.register(
        environment, metrics, configuration.streams(), catalog, connection, allocator, doors);
  }

  private static Optional<Long> rowsPerSecond(PolicyInForce policy, String tenant) {
    return policy
        .current()
        .flatMap(rules -> Optional.ofNullable(rules.tenants().get(tenant)))
        .flatMap(Tenant::rowsPerSecond);
  }

  private static PolicyTopic follow(PulsarConnection connection, PolicyInForce policy) {
    return PolicyTopic.follow(
        connection,
        record -> PolicyTexts.swap(policy, record.number(), record.files(), record.keys()));
  }

  private static Managed closing(AutoCloseable resource) {
    return new Managed() {
      @Override
      public void stop() throws Exception {
        resource.close();
      }
    };
  }

  /** Healthy once control's deployments have been read. */
  private static final class DeploymentsCheck extends HealthCheck {
    private final Catalog catalog;

    DeploymentsCheck(Catalog catalog) {
      this.catalog = catalog;
    }

    @Override
    protected Result check() {
      return catalog.isReady()
          ? Result.healthy()
          : Result.unhealthy("Waiting for the topic of deployments");
    }
  }
}
