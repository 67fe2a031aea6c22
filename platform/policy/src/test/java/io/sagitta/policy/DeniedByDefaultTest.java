package io.sagitta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Every subject, action and resource against policies of every role, scope and grantee: what is
 * allowed is what this test works out by itself from tables of its own, and nothing else.
 */
class DeniedByDefaultTest {
  /** What each role may, said once more and apart from the code. */
  private static final Map<String, Set<String>> ROLES =
      Map.of(
          "viewer", Set.of("view"),
          "operator", Set.of("view", "tap", "pause", "replay", "rollback"),
          "deployer", Set.of("view", "plan", "apply", "rollback"),
          "admin",
              Set.of(
                  "inspect",
                  "administer",
                  "audit",
                  "view",
                  "tap",
                  "pause",
                  "replay",
                  "rollback",
                  "plan",
                  "apply",
                  "delete"),
          "auditor", Set.of("inspect", "audit"),
          "custodian", Set.of("view", "tap", "unmask"),
          "reader", Set.of("read"),
          "writer", Set.of("write"));

  /** Which kind of resource each action is done to: the parts of its name. */
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("inspect", "Platform"),
          Map.entry("administer", "Platform"),
          Map.entry("audit", "Tenant"),
          Map.entry("view", "Pipeline"),
          Map.entry("tap", "Pipeline"),
          Map.entry("unmask", "Pipeline"),
          Map.entry("pause", "Pipeline"),
          Map.entry("replay", "Pipeline"),
          Map.entry("rollback", "Pipeline"),
          Map.entry("plan", "Pipeline"),
          Map.entry("apply", "Pipeline"),
          Map.entry("delete", "Pipeline"),
          Map.entry("write", "Source"),
          Map.entry("read", "Stream"));

  /** Whom each grantee stands for. */
  private static final Map<String, Set<String>> WHO =
      Map.of(
          "ada", Set.of("person ada"),
          "dashboard", Set.of("service dashboard"),
          "inner", Set.of("group inner", "person ada", "service feed"),
          "outer", Set.of("group outer", "group inner", "person ada", "service feed"),
          "u/other", Set.of("pipeline u/other"));

  private static final List<String> SCOPES =
      List.of("platform", "t", "u", "t/p", "t/pp", "u/p", "t/p/a", "t/p/aa", "u/p/a");

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject.Person("ada"),
          new Subject.Person("alone"),
          new Subject.Service("dashboard"),
          new Subject.Service("feed"),
          new Subject.Group("inner"),
          new Subject.Group("outer"),
          new Subject.Pipeline(new Resource.Pipeline("u", "other")),
          new Subject.Pipeline(new Resource.Pipeline("t", "p")),
          // Nobody: unknown, or known as something else.
          new Subject.Person("nobody"),
          new Subject.Person("dashboard"),
          new Subject.Service("ada"),
          new Subject.Group("ada"),
          new Subject.Person("inner"),
          new Subject.Person("u/other"));

  @Test
  void may_noGrants_deniesEverything() {
    assertThat(allowed(Policies.granting())).isEmpty();
  }

  @Test
  void actionsAndRoles_areThoseOfTheTables() {
    assertThat(Action.all())
        .extracting(Action::word)
        .containsExactlyInAnyOrderElementsOf(KINDS.keySet());
    for (Action action : Action.all()) {
      assertThat(action.on().getSimpleName()).isEqualTo(KINDS.get(action.word()));
    }
    assertThat(Role.values())
        .extracting(Role::word)
        .containsExactlyInAnyOrderElementsOf(ROLES.keySet());
  }

  @Test
  void may_oneGrant_allowsThatAndNothingElse() {
    int policies = 0;
    for (String role : ROLES.keySet()) {
      for (String scope : SCOPES) {
        for (String grantee : WHO.keySet()) {
          Grants grant = new Grants(role, scope, grantee);
          if (grant.isOfUse()) {
            policies++;
            assertSame(List.of(grant));
          } else {
            assertThat(read(grant).policy()).as("%s", grant).isEmpty();
          }
        }
      }
    }
    assertThat(policies).isGreaterThan(100);
  }

  @Test
  void may_manyGrants_allowsWhatOneOfThemDoes() {
    Random random = new Random(20261122);
    List<String> roles = ROLES.keySet().stream().sorted().toList();
    List<String> grantees = WHO.keySet().stream().sorted().toList();
    for (int round = 0; round < 60; round++) {
      List<Grants> grants = new ArrayList<>();
      for (int tries = 0; tries < 20; tries++) {
        Grants grant =
            new Grants(
                roles.get(random.nextInt(roles.size())),
                SCOPES.get(random.nextInt(SCOPES.size())),
                grantees.get(random.nextInt(grantees.size())));
        if (grant.isOfUse() && !grants.contains(grant)) {
          grants.add(grant);
        }
      }
      assertSame(grants);
    }
  }

  /** One grant, and what it should do. */
  private record Grants(String role, String scope, String grantee) {
    boolean isOfUse() {
      int depth = scope.equals("platform") ? 0 : scope.split("/").length;
      Predicate<String> reached =
          action ->
              switch (KINDS.getOrDefault(action, "")) {
                case "Platform" -> depth == 0;
                case "Tenant" -> depth == 1;
                case "Pipeline" -> depth == 1 || depth == 2;
                default -> depth > 0;
              };
      return ROLES.getOrDefault(role, Set.of()).stream().anyMatch(reached)
          && (!grantee.contains("/") || role.equals("reader"));
    }

    boolean allows(Subject subject, Action action, Resource resource) {
      boolean inScope =
          resource.toString().equals(scope) || resource.toString().startsWith(scope + "/");
      return WHO.getOrDefault(grantee, Set.of()).contains(subject.toString())
          && ROLES.getOrDefault(role, Set.of()).contains(action.word())
          && resource.getClass().getSimpleName().equals(KINDS.get(action.word()))
          && inScope;
    }

    @Override
    public String toString() {
      return "{role: %s, of: %s, to: [%s]}".formatted(role, scope, grantee);
    }
  }

  private static PolicyResult read(Grants grant) {
    return Policies.read(
        Policies.SUBJECTS, Policies.TENANTS, Policies.HEAD + "Grants\ngrants:\n- " + grant + "\n");
  }

  private static void assertSame(List<Grants> grants) {
    Policy policy = Policies.granting(grants.stream().map(Grants::toString).toArray(String[]::new));
    List<String> expected = new ArrayList<>();
    each(
        (subject, action, resource) -> {
          if (grants.stream().anyMatch(g -> g.allows(subject, action, resource))) {
            expected.add(subject + " " + action.word() + " " + named(resource));
          }
        });
    assertThat(allowed(policy)).as("%s", grants).isEqualTo(expected);
  }

  private static List<String> allowed(Policy policy) {
    List<String> allowed = new ArrayList<>();
    each(
        (subject, action, resource) -> {
          if (policy.may(subject, action, resource).allowed()) {
            allowed.add(subject + " " + action.word() + " " + named(resource));
          }
        });
    return allowed;
  }

  private static String named(Resource resource) {
    return resource.getClass().getSimpleName() + " " + resource;
  }

  /** Takes one question. */
  private interface Asked {
    void of(Subject subject, Action action, Resource resource);
  }

  private static void each(Asked asked) {
    for (Subject subject : SUBJECTS) {
      for (Action action : Action.all()) {
        for (Resource resource : resources()) {
          asked.of(subject, action, resource);
        }
      }
    }
  }

  private static List<Resource> resources() {
    List<Resource> resources = new ArrayList<>(List.of(new Resource.Platform()));
    for (String tenant : List.of("t", "u", "tt")) {
      resources.add(new Resource.Tenant(tenant));
      for (String name : List.of("p", "pp", "other")) {
        Resource.Pipeline pipeline = new Resource.Pipeline(tenant, name);
        resources.add(pipeline);
        for (String item : List.of("a", "aa")) {
          resources.add(new Resource.Source(pipeline, item));
          resources.add(new Resource.Stream(pipeline, item));
        }
      }
    }
    return resources;
  }
}
