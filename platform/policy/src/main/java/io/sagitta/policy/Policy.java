package io.sagitta.policy;

import io.sagitta.definition.options.Nearest;
import io.sagitta.policy.Decision.Allowed;
import io.sagitta.policy.Decision.Denied;
import io.sagitta.policy.Decision.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who may do what. What no rule allows is denied; no rule takes away what another gives, so their
 * order means nothing. A policy does not change, reads no clock, and may be asked by many threads.
 */
public final class Policy {
  private final Directory directory;
  private final Map<String, Tenant> tenants;
  private final List<Grant> grants;
  private final Map<String, List<Grant>> byGrantee = new HashMap<>();
  private final List<Placed> allowances;
  private final Transport transport;

  /** An allowance and where it stands. */
  record Placed(Allowance allowance, Rule rule) {}

  Policy(
      Directory directory,
      Map<String, Tenant> tenants,
      List<Grant> grants,
      List<Placed> allowances,
      Transport transport) {
    this.directory = directory;
    this.tenants = new TreeMap<>(tenants);
    this.grants = List.copyOf(grants);
    this.allowances = List.copyOf(allowances);
    this.transport = transport;
    for (Grant grant : grants) {
      for (Grantee grantee : grant.to()) {
        byGrantee.computeIfAbsent(grantee.name(), name -> new ArrayList<>()).add(grant);
      }
    }
  }

  /** Returns whether {@code subject} may do {@code action} to {@code resource}, and why. */
  public Decision may(Subject subject, Action action, Resource resource) {
    if (!directory.knows(subject)) {
      return new Denied("there is no " + subject);
    }
    List<Reason> reasons = new ArrayList<>();
    if (action.on().isInstance(resource)) {
      directory
          .namesFor(subject)
          .forEach(
              (name, through) ->
                  byGrantee.getOrDefault(name, List.of()).stream()
                      .filter(grant -> grant.lets(action, resource))
                      .forEach(grant -> reasons.add(new Reason(grant.rule(), through))));
    }
    return reasons.isEmpty()
        ? new Denied("no rule lets %s %s %s".formatted(subject, action.word(), resource))
        : new Allowed(inOrder(reasons));
  }

  /** Returns whether {@code pipeline} may reach {@code target}, and why. */
  public Decision may(Resource.Pipeline pipeline, ConnectorTarget target) {
    if (target instanceof ConnectorTarget.Unclear unclear) {
      return new Denied(unclear.why());
    }
    if (target instanceof ConnectorTarget.Topic topic && isPlatforms(pipeline, topic)) {
      return new Denied(OWN_TOPIC.formatted(topic.tenant()));
    }
    List<Reason> reasons =
        allowances.stream()
            .filter(placed -> placed.allowance().isFor(pipeline) && placed.allowance().lets(target))
            .map(placed -> new Reason(placed.rule(), List.of()))
            .toList();
    return reasons.isEmpty()
        ? new Denied("no rule lets %s %s".formatted(pipeline, target))
        : new Allowed(inOrder(reasons));
  }

  /**
   * Returns whether a rule that lets {@code pipeline} reach {@code target} lets its hosts be this
   * machine itself or a link-local address.
   */
  public boolean mayBeInside(Resource.Pipeline pipeline, ConnectorTarget target) {
    return allowances.stream()
        .map(Placed::allowance)
        .anyMatch(a -> a.loopback() && a.isFor(pipeline) && a.lets(target));
  }

  /** Returns the rule that would let {@code pipeline} reach {@code target}; empty if none can. */
  public Optional<String> ruleFor(Resource.Pipeline pipeline, ConnectorTarget target) {
    return target instanceof ConnectorTarget.Topic topic && isPlatforms(pipeline, topic)
        ? Optional.empty()
        : target.ruleFor(pipeline);
  }

  /**
   * Returns the people, services and pipelines that may do {@code action} to {@code resource}, by
   * kind and name. Groups are not among them: who is in them is.
   */
  public Map<Subject, Allowed> whoCan(Action action, Resource resource) {
    List<Subject> asked = new ArrayList<>();
    directory.subjects().values().stream()
        .filter(subject -> !(subject instanceof Subject.Group))
        .sorted(Comparator.comparing((Subject s) -> s instanceof Subject.Service))
        .forEach(asked::add);
    asked.addAll(pipelinesNamed());
    Map<Subject, Allowed> may = new LinkedHashMap<>();
    for (Subject subject : asked) {
      if (may(subject, action, resource) instanceof Allowed allowed) {
        may.put(subject, allowed);
      }
    }
    return may;
  }

  private List<Subject> pipelinesNamed() {
    return new TreeSet<>(byGrantee.keySet())
        .stream()
            .flatMap(name -> new Grantee(name).pipeline().stream())
            .<Subject>map(Subject.Pipeline::new)
            .toList();
  }

  /** Returns the person, service or group called {@code name}. */
  public Optional<Subject> subject(String name) {
    return Optional.ofNullable(directory.subjects().get(name));
  }

  /** Returns the people and services, who can prove who they are. */
  public List<Subject> individuals() {
    return directory.subjects().values().stream()
        .filter(subject -> subject instanceof Subject.Person || subject instanceof Subject.Service)
        .toList();
  }

  /** Returns {@code " Did you mean 'x'?"} if the name of a subject is near {@code name}. */
  String nearSubject(String name) {
    return Nearest.hint(name, directory.subjects().keySet());
  }

  /** Returns the tenants by name. */
  public Map<String, Tenant> tenants() {
    return Map.copyOf(tenants);
  }

  /** Returns how connections are protected. */
  public Transport transport() {
    return transport;
  }

  /** Returns the grants, in the order of the files. */
  List<Grant> grants() {
    return grants;
  }

  /** Why a topic of the tenant {@code %s} is out of every connector's reach. */
  static final String OWN_TOPIC =
      "the tenant '%s' is the platform's: a connector would go round the grants of its streams";

  private boolean isPlatforms(Resource.Pipeline pipeline, ConnectorTarget.Topic topic) {
    return isPlatforms(topic.tenant(), tenants.keySet())
        || topic.tenant().equals(pipeline.tenant());
  }

  /** Returns whether topics of {@code tenant} are the platform's own. */
  static boolean isPlatforms(String tenant, Collection<String> tenants) {
    return tenant.equals("sagitta") || tenants.contains(tenant);
  }

  private static List<Reason> inOrder(List<Reason> reasons) {
    return reasons.stream()
        .sorted(
            Comparator.comparing((Reason r) -> r.rule().file())
                .thenComparingInt(r -> r.rule().line()))
        .toList();
  }
}
