package io.sagitta.control.grants;

import io.sagitta.definition.Spec;
import io.sagitta.identity.Identity;
import io.sagitta.policy.Policy;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarGrant;
import io.sagitta.transport.PulsarGrants;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what Pulsar grants as it should be: at each change of a pipeline in the places that the
 * pipeline reaches, and everywhere when it is asked to. Rights that nothing asks for are taken away
 * first. Thread-safe.
 */
public final class GrantKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(GrantKeeper.class);
  private static final Set<String> PLATFORM = Set.of("sagitta/system", "sagitta/history");

  private final PulsarGrants pulsar;
  private final Supplier<Map<PipelineId, Spec>> running;
  private final Supplier<Optional<Policy>> policy;

  /**
   * Creates one.
   *
   * @param running gives what runs now
   * @param policy gives the policy in force
   */
  public GrantKeeper(
      PulsarGrants pulsar,
      Supplier<Map<PipelineId, Spec>> running,
      Supplier<Optional<Policy>> policy) {
    this.pulsar = pulsar;
    this.running = running;
    this.policy = policy;
  }

  /** Returns how what Pulsar grants differs from what it should, everywhere. */
  public synchronized GrantDrift drift() {
    Map<PipelineId, Spec> pipelines = running.get();
    NavigableSet<PulsarGrant> due = DueGrants.of(pipelines, policy.get());
    Set<String> namespaces = new HashSet<>(pulsar.namespaces());
    due.forEach(grant -> namespaces.add(grant.namespace()));
    return drift(due, namespaces, ownTenants(pipelines));
  }

  /** Makes Pulsar grant what it should, everywhere, and returns what was different. */
  public synchronized GrantDrift mend() {
    GrantDrift drift = drift();
    mend(drift);
    return drift;
  }

  /**
   * Makes Pulsar grant what it should where {@code pipeline} reaches or is reached.
   *
   * @param before what it was, if it was
   * @param after what it is about to be; empty if it is gone
   */
  public synchronized void follow(
      PipelineId pipeline, Optional<Spec> before, Optional<Spec> after) {
    Map<PipelineId, Spec> others = new HashMap<>(running.get());
    others.remove(pipeline);
    NavigableSet<PulsarGrant> due = due(others, pipeline, after);
    String role = new Identity.Pipeline(pipeline.tenant(), pipeline.name()).principal();
    Set<String> touched =
        Stream.concat(due.stream(), due(others, pipeline, before).stream())
            .filter(grant -> grant.role().equals(role))
            .map(PulsarGrant::namespace)
            .collect(Collectors.toCollection(HashSet::new));
    touched.add(pipeline.namespace());
    touched.addAll(PLATFORM);
    mend(drift(due, touched, ownTenants(running.get())));
  }

  private NavigableSet<PulsarGrant> due(
      Map<PipelineId, Spec> others, PipelineId pipeline, Optional<Spec> spec) {
    Map<PipelineId, Spec> all = new HashMap<>(others);
    spec.ifPresent(s -> all.put(pipeline, s));
    return DueGrants.of(all, policy.get());
  }

  private GrantDrift drift(
      Collection<PulsarGrant> due, Set<String> namespaces, Set<String> ownTenants) {
    NavigableSet<PulsarGrant> there = new TreeSet<>();
    for (String namespace : namespaces) {
      boolean own = ownTenants.contains(namespace.substring(0, namespace.indexOf('/')));
      pulsar.in(namespace).stream()
          // Elsewhere others grant what is theirs; only what we granted there is ours to take away.
          .filter(grant -> own || Identity.of(grant.role()).isPresent())
          .forEach(there::add);
    }
    return GrantDrift.between(
        due.stream().filter(grant -> namespaces.contains(grant.namespace())).toList(), there);
  }

  private Set<String> ownTenants(Map<PipelineId, Spec> pipelines) {
    Set<String> tenants = new HashSet<>();
    tenants.add("sagitta");
    pipelines.keySet().forEach(id -> tenants.add(id.tenant()));
    policy.get().ifPresent(rules -> tenants.addAll(rules.tenants().keySet()));
    return tenants;
  }

  private void mend(GrantDrift drift) {
    for (PulsarGrant grant : drift.surplus()) {
      pulsar.revoke(grant);
      LOG.info("Revoked that {}", grant);
    }
    for (PulsarGrant grant : drift.lacking()) {
      if (pulsar.set(grant)) {
        LOG.info("Granted that {}", grant);
      } else {
        // A foreign topic that somebody deleted: no reason to keep the others from their grants.
        LOG.warn("Not granted that {}: there is no such thing", grant);
      }
    }
  }
}
