package io.sagitta.node;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkConnector;
import io.sagitta.connectors.SourceConnector;
import io.sagitta.node.task.TaskResources;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Resource;
import io.sagitta.service.Metrics;
import io.sagitta.service.Role;
import io.sagitta.service.SecurityFolder;
import io.sagitta.service.StartException;
import io.sagitta.service.access.Doors;
import io.sagitta.service.access.PolicyInForce;
import io.sagitta.service.access.PolicyTexts;
import io.sagitta.transport.ConnectionThreads;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PolicyTopic;
import io.sagitta.transport.PulsarAccess;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.TableTopic;
import io.sagitta.transport.TransportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process that runs tasks. It has no inbound data port. */
final class NodeRole extends Role<NodeConfiguration> {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRole.class);
  private static final long RECEIVE_BYTES = 128 << 20;
  private static final Duration FIRST_POLICY = Duration.ofSeconds(10);

  NodeRole() {
    super("node", NodeConfiguration.class);
  }

  @Override
  protected void prepare(
      NodeConfiguration configuration, Environment environment, Metrics metrics, Doors doors)
      throws StartException {
    Optional<Policy> folder = SecurityFolder.read(configuration.policyFolder());
    Supplier<Optional<Policy>> policy = () -> doors.keeper().policy().current().or(() -> folder);
    environment.lifecycle().manage(new Running(configuration, policy, doors, metrics));
  }

  /** The node's parts, opened and closed in order. */
  private static final class Running implements Managed {
    private final NodeConfiguration configuration;
    private final Supplier<Optional<Policy>> policy;
    private final Doors doors;
    private final Metrics metrics;
    private final List<AutoCloseable> closeLastFirst = new ArrayList<>();

    private Running(
        NodeConfiguration configuration,
        Supplier<Optional<Policy>> policy,
        Doors doors,
        Metrics metrics) {
      this.configuration = configuration;
      this.policy = policy;
      this.doors = doors;
      this.metrics = metrics;
    }

    @Override
    public void start() throws IOException, InterruptedException {
      Clock clock = Clock.systemUTC();
      Path spill = configuration.data().resolve("spill");
      deleteAll(spill);
      ConnectionThreads threads = closing(new ConnectionThreads());
      String serviceUrl = configuration.pulsar().getServiceUrl();
      PulsarAccess access = PulsarAccess.to(serviceUrl, configuration.tls().folder());
      PulsarConnection pulsar =
          closing(PulsarConnection.open(serviceUrl, access, RECEIVE_BYTES, threads));
      if (doors.keeper().isGuarded()) {
        // Tasks that ran before it would be refused what it grants, and would know no quota.
        if (!closing(follow(pulsar, doors.keeper().policy())).awaitFirst(FIRST_POLICY)) {
          LOG.warn("No policy so far: connectors reach nothing until there is one");
        }
      }
      PipelineConnections connections = closing(connections(access, pulsar, threads, clock));
      BufferAllocator allocator =
          closing(
              closing(new RootAllocator())
                  .newChildAllocator("rows", 0, configuration.arrowBytes()));
      TenantQuotas quotas = new TenantQuotas(policy, Runtime.getRuntime().availableProcessors());
      TenantEngines engines =
          closing(new TenantEngines(configuration.engineBytes(), quotas::memoryBytes));
      TaskResources resources =
          new TaskResources(
              pulsar,
              engines::of,
              allocator,
              all(SinkConnector.class),
              all(SourceConnector.class),
              Running::load,
              id ->
                  Reach.of(
                      configuration.data(), new Resource.Pipeline(id.tenant(), id.name()), policy),
              quotas::workers,
              configuration.name(),
              spill,
              configuration::windowBytes,
              clock);
      TenantMemory memory =
          closing(new TenantMemory(allocator, configuration.windowBytes(), quotas::memoryBytes));
      Taps taps = closing(new Taps(pulsar, clock));
      Supervisor supervisor =
          closing(
              new Supervisor(
                  resources,
                  connections,
                  memory,
                  taps::of,
                  new NodeMetrics(metrics),
                  configuration.stallPatience()));
      supervisor.start();
    }

    private static PolicyTopic follow(PulsarConnection connection, PolicyInForce policy) {
      return PolicyTopic.follow(
          connection,
          record -> PolicyTexts.swap(policy, record.number(), record.files(), record.keys()));
    }

    private PipelineConnections connections(
        PulsarAccess access, PulsarConnection own, ConnectionThreads threads, Clock clock) {
      if (!(access instanceof PulsarAccess.Machine machine)) {
        return PipelineConnections.all(own);
      }
      return new TokenConnections(
          configuration.pulsar().getServiceUrl(),
          machine.credentials().trustFile(),
          RECEIVE_BYTES,
          new ControlTokens(configuration.control(), machine.credentials()),
          clock,
          threads);
    }

    private static <T> List<T> all(Class<T> port) {
      return ServiceLoader.load(port).stream().map(ServiceLoader.Provider::get).toList();
    }

    private <T extends AutoCloseable> T closing(T part) {
      closeLastFirst.add(0, part);
      return part;
    }

    private static byte[] load(
        PulsarConnection pulsar, PipelineId pipeline, String table, String hash) {
      try {
        return TableTopic.load(pulsar, pipeline, table, hash);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TransportException("Interrupted while table " + table + " was loaded", e);
      }
    }

    /** What an earlier process spilled is worthless: tasks rebuild it from unacknowledged input. */
    private static void deleteAll(Path folder) throws IOException {
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }

    @Override
    public void stop() throws Exception {
      for (AutoCloseable part : closeLastFirst) {
        part.close();
      }
    }
  }
}
