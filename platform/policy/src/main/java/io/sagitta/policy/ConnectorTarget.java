package io.sagitta.policy;

import java.util.List;
import java.util.Optional;

/**
 * Something outside the platform that a connector wants to reach. What cannot be read with
 * certainty is {@link Unclear}, which nothing allows: a URL that two parsers read differently is
 * how allow-lists are got round.
 */
public sealed interface ConnectorTarget {

  /** Returns a rule that would allow it to {@code pipeline}; empty if none can. */
  Optional<String> ruleFor(Resource.Pipeline pipeline);

  /** Files, by a path that may end in a glob. */
  record Files(String path, Access access) implements ConnectorTarget {
    @Override
    public Optional<String> ruleFor(Resource.Pipeline pipeline) {
      return FolderPath.around(path)
          .map(
              folder ->
                  "{type: folder, for: [%s], path: %s, access: [%s]}"
                      .formatted(pipeline, folder, access.word()));
    }

    @Override
    public String toString() {
      return access.word() + " " + path;
    }
  }

  /** A PostgreSQL database, at any of {@code hosts}. */
  record Postgres(List<HostPort> hosts, String database, List<String> properties)
      implements ConnectorTarget {
    public Postgres {
      hosts = List.copyOf(hosts);
      properties = List.copyOf(properties);
    }

    @Override
    public Optional<String> ruleFor(Resource.Pipeline pipeline) {
      boolean loopback = hosts.stream().anyMatch(HostPort::isSurelyLoopback);
      return Optional.of(
          "{type: postgresql, for: [%s], hosts: [%s], databases: [%s]%s%s}"
              .formatted(
                  pipeline,
                  Allowance.texts(hosts),
                  database,
                  properties.isEmpty()
                      ? ""
                      : ", properties: [" + String.join(", ", properties) + "]",
                  loopback ? ", loopback: true" : ""));
    }

    @Override
    public String toString() {
      return "reach PostgreSQL at " + Allowance.texts(hosts) + "/" + database;
    }
  }

  /** A DuckDB file. */
  record DuckDb(String path) implements ConnectorTarget {
    @Override
    public Optional<String> ruleFor(Resource.Pipeline pipeline) {
      return FolderPath.around(path)
          .map(folder -> "{type: duckdb, for: [%s], path: %s}".formatted(pipeline, folder));
    }

    @Override
    public String toString() {
      return "open the DuckDB file " + path;
    }
  }

  /** A topic that no pipeline made. */
  record Topic(String name, Access access) implements ConnectorTarget {
    @Override
    public Optional<String> ruleFor(Resource.Pipeline pipeline) {
      return Optional.of(
          "{type: topic, for: [%s], topic: \"%s\", access: [%s]}"
              .formatted(pipeline, name, access.word()));
    }

    /** Returns the topic's tenant. */
    String tenant() {
      return name.substring("persistent://".length()).replaceFirst("/.*", "");
    }

    @Override
    public String toString() {
      return access.word() + " the topic " + name;
    }
  }

  /** A host, by the scheme of a URL. */
  record Url(String scheme, HostPort host, Access access) implements ConnectorTarget {
    @Override
    public Optional<String> ruleFor(Resource.Pipeline pipeline) {
      return Optional.of(
          "{type: url, for: [%s], scheme: %s, hosts: [\"%s\"], access: [%s]}"
              .formatted(pipeline, scheme, host, access.word()));
    }

    @Override
    public String toString() {
      return access.word() + " " + scheme + "://" + host;
    }
  }

  /** What cannot be read with certainty, and why. */
  record Unclear(String text, String why) implements ConnectorTarget {
    @Override
    public Optional<String> ruleFor(Resource.Pipeline pipeline) {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "reach " + text;
    }
  }
}
