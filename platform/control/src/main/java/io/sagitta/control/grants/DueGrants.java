package io.sagitta.control.grants;

import io.sagitta.definition.HttpSource;
import io.sagitta.definition.PulsarSink;
import io.sagitta.definition.PulsarSource;
import io.sagitta.definition.Spec;
import io.sagitta.identity.Identity;
import io.sagitta.policy.Access;
import io.sagitta.policy.Action;
import io.sagitta.policy.ConnectorTarget;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Resource;
import io.sagitta.policy.Subject;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarGrant;
import io.sagitta.transport.PulsarGrant.Right;
import io.sagitta.transport.Topics;
import java.util.EnumSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All grants that Pulsar should have, derived from what runs and from the policy, and from nothing
 * else:
 *
 * <ul>
 *   <li>a pipeline: everything in its own namespace; of others, the streams and topics that it
 *       names and the policy lets it reach;
 *   <li>the gateway: to write the sources that clients send to, and to read streams;
 *   <li>nodes, as themselves: to read what shall run and what is to be sampled, and to report;
 *   <li>people and services: the streams that the policy lets them read.
 * </ul>
 *
 * <p>Control and the brokers are superusers and need none.
 */
final class DueGrants {
  private static final String GATEWAY = Identity.Machine.GATEWAY.principal();
  private static final String NODE = Identity.Machine.NODE.principal();

  private final Map<PipelineId, Spec> pipelines;
  private final Optional<Policy> policy;
  private final NavigableMap<String, NavigableMap<String, Set<Right>>> due = new TreeMap<>();

  private DueGrants(Map<PipelineId, Spec> pipelines, Optional<Policy> policy) {
    this.pipelines = pipelines;
    this.policy = policy;
  }

  /**
   * Returns the grants, by object and role.
   *
   * @param pipelines what runs or is about to
   * @param policy if there is none in force, pipelines reach what their definitions name, and
   *     people and services nothing
   */
  static NavigableSet<PulsarGrant> of(Map<PipelineId, Spec> pipelines, Optional<Policy> policy) {
    DueGrants grants = new DueGrants(pipelines, policy);
    grants.platform();
    pipelines.forEach(grants::pipeline);
    NavigableSet<PulsarGrant> all = new TreeSet<>();
    grants.due.forEach(
        (object, roles) ->
            roles.forEach((role, rights) -> all.add(new PulsarGrant(object, role, rights))));
    return all;
  }

  private void platform() {
    grant(Topics.DEPLOYMENTS, GATEWAY, Right.CONSUME);
    grant(Topics.DEPLOYMENTS, NODE, Right.CONSUME);
    grant(Topics.POLICY, GATEWAY, Right.CONSUME);
    grant(Topics.BACKPRESSURE, GATEWAY, Right.CONSUME);
    grant(Topics.STORAGE_HOLDS, GATEWAY, Right.CONSUME);
    grant(Topics.POLICY, NODE, Right.CONSUME);
    grant(Topics.TAPS, NODE, Right.CONSUME);
    grant(Topics.STATUS, NODE, Right.PRODUCE);
  }

  private void pipeline(PipelineId id, Spec spec) {
    String tasks = new Identity.Pipeline(id.tenant(), id.name()).principal();
    grant(id.namespace(), tasks, Right.PRODUCE);
    grant(id.namespace(), tasks, Right.CONSUME);
    spec.sources()
        .forEach(
            (name, source) -> {
              if (source instanceof HttpSource) {
                grant(Topics.source(id, name), GATEWAY, Right.PRODUCE);
              } else if (source instanceof PulsarSource pulsar) {
                pulsar
                    .streamName()
                    .filter(stream -> mayRead(id, stream))
                    .ifPresent(stream -> grant(Topics.stream(stream), tasks, Right.CONSUME));
                pulsar
                    .topic()
                    .filter(topic -> mayReach(id, new ConnectorTarget.Topic(topic, Access.READ)))
                    .ifPresent(topic -> grant(topic, tasks, Right.CONSUME));
              }
            });
    spec.sinks()
        .forEach(
            (name, sink) -> {
              if (sink instanceof PulsarSink pulsar
                  && mayReach(id, new ConnectorTarget.Topic(pulsar.topic(), Access.WRITE))) {
                grant(pulsar.topic(), tasks, Right.PRODUCE);
              }
            });
    spec.streams()
        .keySet()
        .forEach(
            stream -> {
              grant(Topics.stream(id, stream), GATEWAY, Right.CONSUME);
              readers(id, stream);
            });
  }

  /** A stream that nobody publishes is not granted: its namespace may be made by somebody else. */
  private boolean mayRead(PipelineId reader, String stream) {
    String[] parts = stream.split("/", -1);
    Spec publisher = pipelines.get(new PipelineId(parts[0], parts[1]));
    if (publisher == null || !publisher.streams().containsKey(parts[2])) {
      return false;
    }
    Resource.Stream asked =
        new Resource.Stream(new Resource.Pipeline(parts[0], parts[1]), parts[2]);
    return policy
        .map(
            rules ->
                rules
                    .may(new Subject.Pipeline(resource(reader)), Action.OnStream.READ, asked)
                    .allowed())
        .orElse(true);
  }

  private boolean mayReach(PipelineId pipeline, ConnectorTarget target) {
    return policy.map(rules -> rules.may(resource(pipeline), target).allowed()).orElse(true);
  }

  private void readers(PipelineId id, String stream) {
    Resource.Stream read = new Resource.Stream(resource(id), stream);
    policy.map(rules -> rules.whoCan(Action.OnStream.READ, read)).orElse(Map.of()).keySet().stream()
        // A pipeline that may read a stream is granted it when it does.
        .filter(subject -> subject instanceof Subject.Person || subject instanceof Subject.Service)
        .map(subject -> new Identity.Subject(subject.name()).principal())
        .forEach(role -> grant(Topics.stream(id, stream), role, Right.CONSUME));
  }

  private static Resource.Pipeline resource(PipelineId id) {
    return new Resource.Pipeline(id.tenant(), id.name());
  }

  private void grant(String object, String role, Right right) {
    due.computeIfAbsent(object, o -> new TreeMap<>())
        .computeIfAbsent(role, r -> EnumSet.noneOf(Right.class))
        .add(right);
  }
}
