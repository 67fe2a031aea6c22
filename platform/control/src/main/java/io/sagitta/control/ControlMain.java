package io.sagitta.control;

import com.fasterxml.jackson.core.StreamReadConstraints;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import io.sagitta.control.api.Bodies;
import io.sagitta.control.api.OidcResource;
import io.sagitta.control.api.OpenApiResource;
import io.sagitta.control.api.PipelineResource;
import io.sagitta.control.api.PlanResource;
import io.sagitta.control.api.QuarantineResource;
import io.sagitta.control.api.Resources;
import io.sagitta.control.api.SecurityResource;
import io.sagitta.control.api.SessionResource;
import io.sagitta.control.api.SessionsResource;
import io.sagitta.control.api.SmallBodies;
import io.sagitta.control.api.TapResource;
import io.sagitta.control.api.TokenResource;
import io.sagitta.control.apply.Applier;
import io.sagitta.control.apply.Granted;
import io.sagitta.control.apply.Plans;
import io.sagitta.control.apply.StartWatch;
import io.sagitta.control.apply.TableRefresh;
import io.sagitta.control.backlog.BacklogWatch;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.events.EventTail;
import io.sagitta.control.grants.GrantFollower;
import io.sagitta.control.grants.GrantKeeper;
import io.sagitta.control.quarantine.Browser;
import io.sagitta.control.quarantine.QuarantineWatch;
import io.sagitta.control.quarantine.Replays;
import io.sagitta.control.quota.StorageWatch;
import io.sagitta.control.security.SecurityParts;
import io.sagitta.control.status.StatusReader;
import io.sagitta.control.status.TaskTracker;
import io.sagitta.control.tap.Taps;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Tenant;
import io.sagitta.service.Metrics;
import io.sagitta.service.Role;
import io.sagitta.service.SecurityFolder;
import io.sagitta.service.StartException;
import io.sagitta.service.access.Doors;
import io.sagitta.service.access.PolicyInForce;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarAccess;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.PulsarGrants;
import io.sagitta.transport.TransportException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** The control role: takes definitions, says what shall run, and shows what does. */
public final class ControlMain extends Role<ControlConfiguration> {
  private static final long MESSAGE_MEMORY_BYTES = 64 << 20;

  /** Creates one. */
  public ControlMain() {
    super("control", ControlConfiguration.class);
  }

  /** Runs control with the configuration file in {@code arguments}. */
  public static void main(String[] arguments) {
    Role.main(new ControlMain(), arguments);
  }

  @Override
  protected void prepare(
      ControlConfiguration settings, Environment environment, Metrics metrics, Doors doors)
      throws StartException {
    doors.boundCallers();
    Clock clock = Clock.systemUTC();
    Optional<Policy> folder = SecurityFolder.read(settings.policyFolder());
    Granted granted =
        new Granted(() -> doors.keeper().policy().current().or(() -> folder), settings.data());
    BufferAllocator allocator = new RootAllocator();
    String serviceUrl = settings.pulsar().getServiceUrl();
    PulsarAccess access = PulsarAccess.to(serviceUrl, settings.tls().folder());
    Provisioner provisioner = Provisioner.open(settings.pulsar().getAdminUrl(), access);
    PulsarConnection connection = PulsarConnection.open(serviceUrl, access, MESSAGE_MEMORY_BYTES);
    try {
      provisioner.ensureSystem();
      DesiredState desired = new DesiredState(connection);
      TaskTracker tracker = new TaskTracker(connection, clock);
      EventTail events = new EventTail(connection, clock);
      closeLast(environment, connection, provisioner, allocator);
      List.of(desired, tracker, events).forEach(environment.lifecycle()::manage);
      Optional<SecurityParts> security =
          SecurityParts.open(settings.security(), connection, doors, clock);
      security.ifPresent(parts -> environment.lifecycle().manage(parts.book()));
      Plans plans = new Plans();
      Optional<GrantKeeper> grants = grants(access, provisioner, desired, plans, doors);
      grants.ifPresent(
          keeper ->
              environment
                  .lifecycle()
                  .manage(new GrantFollower(keeper, doors.keeper().policy(), desired::writes)));
      Applier applier =
          new Applier(
              desired,
              plans,
              provisioner,
              grants,
              connection,
              tracker,
              events,
              granted,
              allocator,
              clock);
      Taps taps = new Taps(connection, provisioner, allocator, clock);
      environment.lifecycle().manage(new StartWatch(desired, tracker, applier, events, clock));
      environment
          .lifecycle()
          .manage(
              new TableRefresh(
                  desired, plans, applier, events, metrics, granted, allocator, clock));
      environment.lifecycle().manage(new QuarantineWatch(desired, plans, tracker, applier, clock));
      long limit = settings.backlog().getLimit().toBytes();
      BacklogWatch backlogs =
          new BacklogWatch(desired, tracker, provisioner, connection, events, limit, clock);
      environment.lifecycle().manage(backlogs);
      StorageWatch storage =
          new StorageWatch(
              desired,
              provisioner,
              connection,
              events,
              tenant -> storageQuota(doors.keeper().policy(), tenant),
              clock);
      environment.lifecycle().manage(storage);
      environment
          .getObjectMapper()
          .getFactory()
          .setStreamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Bodies.MOST_STRING).build());
      environment.jersey().register(new Bodies(Runtime.getRuntime().maxMemory()));
      environment.jersey().register(new SmallBodies());
      Resources.complete(
              new PipelineResource(
                  desired,
                  new StatusReader(tracker, plans, backlogs::of, storage::of),
                  events,
                  applier),
              new PlanResource(applier.planning()),
              new TapResource(desired, plans, taps),
              new QuarantineResource(
                  desired,
                  plans,
                  new Browser(connection, provisioner, allocator),
                  new Replays(connection, provisioner, events, allocator, clock)),
              new SecurityResource(security, grants),
              new TokenResource(security, desired, doors.keeper()),
              new SessionResource(security, doors.keeper()),
              new SessionsResource(security, doors.keeper()),
              new OidcResource(security),
              new OpenApiResource())
          .forEach(environment.jersey()::register);
      metrics
          .gauge("sagitta_control_writes", "Whether this control writes desired state.")
          .follow(() -> desired.writes() ? 1 : 0);
    } catch (TransportException e) {
      connection.close();
      provisioner.close();
      throw new StartException(
          e.getMessage()
              + ". Is Pulsar up at "
              + settings.pulsar().getServiceUrl()
              + " and "
              + settings.pulsar().getAdminUrl()
              + "?");
    }
  }

  private static Optional<Long> storageQuota(PolicyInForce policy, String tenant) {
    return policy
        .current()
        .flatMap(rules -> Optional.ofNullable(rules.tenants().get(tenant)))
        .flatMap(Tenant::storageBytes);
  }

  /** A server that lets everybody in has no use of grants. */
  private static Optional<GrantKeeper> grants(
      PulsarAccess access,
      Provisioner provisioner,
      DesiredState desired,
      Plans plans,
      Doors doors) {
    return access instanceof PulsarAccess.Open
        ? Optional.empty()
        : Optional.of(
            new GrantKeeper(
                new PulsarGrants(provisioner),
                () -> plans.specs(desired.all()),
                doors.keeper().policy()::current));
  }

  /** What starts first stops last: the parts that use these are registered after them. */
  private static void closeLast(Environment environment, AutoCloseable... parts) {
    environment
        .lifecycle()
        .manage(
            new Managed() {
              @Override
              public void stop() throws Exception {
                for (AutoCloseable part : parts) {
                  part.close();
                }
              }
            });
  }
}
