package io.sagitta.service.access;

import io.dropwizard.core.setup.Environment;
import io.sagitta.identity.Identity;
import io.sagitta.policy.Action;
import io.sagitta.policy.Policy;
import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import io.sagitta.policy.Resource;
import io.sagitta.service.Metrics;
import io.sagitta.service.Role;
import io.sagitta.service.ServiceConfiguration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A role with a route of each kind. */
final class DoorRole extends Role<DoorRole.Settings> {
  static final String POLICY =
      """
      apiVersion: sagitta/v1
      kind: Subjects
      people:
        ada: {name: Ada Example}
        eve: {name: Eve Example}
      services:
        robot: {purpose: Does things}
      groups:
        team: {members: [ada]}
      """;
  static final String TENANTS =
      """
      apiVersion: sagitta/v1
      kind: Tenants
      tenants:
        sky: {purpose: Flights, owner: team}
        sea: {purpose: Ships, owner: team}
      """;
  static final String GRANTS =
      """
      apiVersion: sagitta/v1
      kind: Grants
      grants:
        - {role: operator, of: sky, to: [team]}
        - {role: viewer, of: sea/ships, to: [robot]}
      """;

  final AtomicInteger paused = new AtomicInteger();
  private final List<Object> more;
  private PolicyInForce policy = new PolicyInForce();

  DoorRole(Object... more) {
    super("doors", Settings.class);
    this.more = List.of(more);
  }

  /** Settings on free ports. */
  static final class Settings extends ServiceConfiguration {
    Settings() {
      super(0, 0);
    }
  }

  static Policy policy(String... files) {
    List<PolicyFile> all =
        java.util.Arrays.stream(files)
            .map(
                text ->
                    new PolicyFile(
                        "f" + text.hashCode() + ".yaml", text.getBytes(StandardCharsets.UTF_8)))
            .toList();
    var result = PolicyReader.read(all);
    return result.policy().orElseThrow(() -> new AssertionError(String.valueOf(result.problems())));
  }

  PolicyInForce policyInForce() {
    return policy;
  }

  @Override
  protected void prepare(Settings settings, Environment environment, Metrics metrics, Doors doors) {
    policy = doors.keeper().policy();
    doors.boundCallers();
    environment.jersey().register(new Pipelines(paused));
    more.forEach(environment.jersey()::register);
  }

  /** Routes of each kind. */
  @Path("/v1")
  public static final class Pipelines {
    private static final List<Resource.Pipeline> ALL =
        List.of(
            new Resource.Pipeline("sky", "flights"),
            new Resource.Pipeline("sea", "ships"),
            new Resource.Pipeline("sea", "secret"));
    private final AtomicInteger paused;

    Pipelines(AtomicInteger paused) {
      this.paused = paused;
    }

    /** Lists. */
    @GET
    @Path("/pipelines")
    @Allowed(action = "view", to = Allowed.EACH)
    public String list(@Context HttpServletRequest request) {
      return Visit.of(request).each(ALL, Action.OnPipeline.VIEW, p -> p).toString();
    }

    /** Shows one. */
    @GET
    @Path("/pipelines/{tenant}/{pipeline}")
    @Allowed(action = "view", to = "{tenant}/{pipeline}")
    public String get(@PathParam("tenant") String tenant, @PathParam("pipeline") String name) {
      Resource.Pipeline one = new Resource.Pipeline(tenant, name);
      return ALL.contains(one) ? "here is " + one : "there is no " + one;
    }

    /** Changes one. */
    @POST
    @Path("/pipelines/{tenant}/{pipeline}/pause")
    @Allowed(action = "pause", to = "{tenant}/{pipeline}")
    public String pause() {
      return "paused " + paused.incrementAndGet();
    }

    /** Changes what the body names. */
    @POST
    @Path("/plan")
    @Allowed(action = "plan", to = Allowed.BODY)
    public String plan(String body, @Context HttpServletRequest request) {
      if (!body.equals("forget")) {
        Visit.of(request).require(Action.OnPipeline.PLAN, new Resource.Pipeline("sky", body));
      }
      return "planned";
    }

    /** For nodes. */
    @GET
    @Path("/node")
    @Machines(Identity.Machine.NODE)
    public String node() {
      return "node";
    }

    /** For whoever is known. */
    @GET
    @Path("/me")
    @Known
    public String me(@Context HttpServletRequest request) {
      return Visit.of(request).author("nobody");
    }

    /** For everybody. */
    @GET
    @Path("/open")
    @Everybody(because = "It is for tests")
    public String open() {
      return "open";
    }
  }
}
