package io.sagitta.policy;

import io.sagitta.definition.FileSource;
import io.sagitta.definition.JdbcSink;
import io.sagitta.definition.JdbcTable;
import io.sagitta.definition.Locations;
import io.sagitta.definition.Metadata;
import io.sagitta.definition.ParquetSink;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Problem;
import io.sagitta.definition.PulsarSink;
import io.sagitta.definition.PulsarSource;
import io.sagitta.definition.Sink;
import io.sagitta.definition.Source;
import io.sagitta.definition.Stream;
import io.sagitta.definition.Table;
import io.sagitta.definition.options.Nearest;
import io.sagitta.policy.Action.OnStream;
import io.sagitta.policy.Decision.Denied;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a definition asks of the policy: readers of its streams, other pipelines' streams, and
 * systems outside. The definition asks and the policy grants: what it does not grant is a problem
 * of the definition, with the rule that would.
 */
public final class DefinitionRequests {
  private final Policy policy;
  private final PipelineDefinition definition;
  private final Locations locations;
  private final Resource.Pipeline pipeline;
  private final List<Problem> problems = new ArrayList<>();

  private DefinitionRequests(Policy policy, PipelineDefinition definition, Locations locations) {
    this.policy = policy;
    this.definition = definition;
    this.locations = locations;
    Metadata metadata = definition.metadata();
    this.pipeline = new Resource.Pipeline(metadata.tenant(), metadata.name());
  }

  /** Returns all that {@code definition} asks and {@code policy} does not grant. */
  public static List<Problem> ungranted(
      Policy policy, PipelineDefinition definition, Locations locations) {
    DefinitionRequests requests = new DefinitionRequests(policy, definition, locations);
    requests.check();
    return requests.problems;
  }

  /**
   * Returns what {@code definition} asks to read and write and {@code policy} does not grant:
   * everything but the readers of its streams.
   */
  public static List<Problem> ungrantedAccess(
      Policy policy, PipelineDefinition definition, Locations locations) {
    DefinitionRequests requests = new DefinitionRequests(policy, definition, locations);
    requests.checkAccess();
    return requests.problems;
  }

  private void check() {
    checkAccess();
    definition.spec().streams().forEach(this::stream);
  }

  private void checkAccess() {
    checkTenant();
    definition.spec().sources().forEach(this::source);
    definition.spec().tables().forEach(this::table);
    definition.spec().sinks().forEach(this::sink);
  }

  private void checkTenant() {
    String tenant = pipeline.tenant();
    if (!policy.tenants().containsKey(tenant)) {
      String hint = Nearest.hint(tenant, policy.tenants().keySet());
      refuse(
          "metadata.tenant",
          "the policy has no tenant '%s'".formatted(tenant),
          hint.isEmpty() ? " Add it to a file of kind Tenants" : hint);
    }
  }

  private void source(String name, Source source) {
    String path = "spec.sources." + name;
    if (source instanceof FileSource file) {
      reach(path + ".path", Targets.ofPath(file.path(), Access.READ));
    } else if (source instanceof PulsarSource pulsar) {
      pulsar.streamName().ifPresent(stream -> readOther(path + ".stream", stream));
      pulsar
          .topic()
          .ifPresent(
              topic -> reach(path + ".topic", new ConnectorTarget.Topic(topic, Access.READ)));
    }
  }

  private void readOther(String path, String streamName) {
    String[] parts = streamName.split("/");
    Resource.Stream stream =
        new Resource.Stream(new Resource.Pipeline(parts[0], parts[1]), parts[2]);
    if (!policy.may(new Subject.Pipeline(pipeline), OnStream.READ, stream).allowed()) {
      refuse(
          path,
          "the policy does not let %s read %s".formatted(pipeline, stream),
          " Its owner grants it: " + grant(stream, pipeline.toString()));
    }
  }

  /** A table of type file is read by whoever applies, with their own rights. */
  private void table(String name, Table table) {
    if (table instanceof JdbcTable jdbc) {
      reach("spec.tables." + name + ".url", Targets.ofJdbc(jdbc.url()));
    }
  }

  private void sink(String name, Sink sink) {
    String path = "spec.sinks." + name;
    if (sink instanceof ParquetSink parquet) {
      reach(path + ".path", Targets.ofPath(parquet.path(), Access.WRITE));
    } else if (sink instanceof JdbcSink jdbc) {
      reach(path + ".url", Targets.ofJdbc(jdbc.url()));
    } else if (sink instanceof PulsarSink pulsar) {
      reach(path + ".topic", new ConnectorTarget.Topic(pulsar.topic(), Access.WRITE));
    }
  }

  private void reach(String path, ConnectorTarget target) {
    if (policy.may(pipeline, target) instanceof Denied denied) {
      Optional<String> rule = policy.ruleFor(pipeline, target);
      refuse(
          path,
          rule.isPresent()
              ? "the policy does not let %s %s".formatted(pipeline, target)
              : "no policy lets a pipeline %s: %s".formatted(target, denied.why()),
          rule.map(r -> " Add to a file of kind Connectors: - " + r).orElse(""));
    }
  }

  private void stream(String name, Stream stream) {
    Resource.Stream asked = new Resource.Stream(pipeline, name);
    for (int i = 0; i < stream.readers().size(); i++) {
      String path = "spec.streams." + name + ".readers[" + i + "]";
      String reader = stream.readers().get(i);
      Optional<Subject> subject = policy.subject(reader);
      if (subject.isEmpty()) {
        String hint = policy.nearSubject(reader);
        refuse(
            path,
            "the policy knows no person, service or group '%s'".formatted(reader),
            hint.isEmpty() ? " Add it to a file of kind Subjects" : hint);
      } else if (!policy.may(subject.get(), OnStream.READ, asked).allowed()) {
        refuse(
            path,
            "the policy does not let %s read %s".formatted(subject.get(), asked),
            " Add to a file of kind Grants: " + grant(asked, reader));
      }
    }
  }

  private static String grant(Resource.Stream stream, String to) {
    return "- {role: reader, of: %s, to: [%s]}".formatted(stream, to);
  }

  private void refuse(String path, String what, String mend) {
    problems.add(locations.error(path, mend.isEmpty() ? what : what + "." + mend));
  }
}
