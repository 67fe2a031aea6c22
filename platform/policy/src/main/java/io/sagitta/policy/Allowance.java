package io.sagitta.policy;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Kinds;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something outside the platform that pipelines may reach. Names are exact: there is no wildcard.
 */
@Kinds(noun = "allowance")
sealed interface Allowance {

  /** Returns the tenants and pipelines that may. */
  List<Scope> pipelines();

  /** Returns whether this lets them reach {@code target}. */
  boolean lets(ConnectorTarget target);

  /** Returns what it says, on one line. */
  String words();

  /** Returns whether {@code pipeline} is meant. */
  default boolean isFor(Resource.Pipeline pipeline) {
    return pipelines().stream().anyMatch(scope -> scope.covers(pipeline));
  }

  /** Returns whether a host may be this machine itself or a link-local address. */
  default boolean loopback() {
    return false;
  }

  /** Returns {@code values} as text. */
  static String texts(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** Files below a folder. */
  @Kind(
      value = "folder",
      doc =
          "Files in a folder and below it: sources `file`, sinks `parquet`. Tables of type `file` need"
              + " none: they are read by whoever applies, not by the platform.",
      example =
          """
          - {type: folder, for: [aviation/flights-on-time], path: lake/flights, access: [write]}
          """)
  record Folder(
      @Option(
              name = "for",
              doc = "Tenants and pipelines that may",
              example = "[aviation/flights-on-time]",
              required = true)
          List<Scope> pipelines,
      @Option(doc = "The folder, or one file", example = "lake/flights") FolderPath path,
      @Option(doc = "Whether they may read, write or both", example = "[write]", required = true)
          List<Access> access)
      implements Allowance {
    public Folder {
      pipelines = List.copyOf(pipelines);
      access = List.copyOf(access);
    }

    @Override
    public boolean lets(ConnectorTarget target) {
      return target instanceof ConnectorTarget.Files files
          && access.contains(files.access())
          && path.holds(files.path());
    }

    @Override
    public String words() {
      return Access.texts(access) + " folder " + path + " for " + texts(pipelines);
    }
  }

  /** PostgreSQL databases. */
  @Kind(
      value = "postgresql",
      doc =
          "PostgreSQL databases, by the driver `jdbc:postgresql:`: tables and sinks `jdbc`. What they"
              + " may do there, the database's own grants say.",
      example =
          """
          - {type: postgresql, for: [aviation], hosts: [db.internal], databases: [ops], properties: [sslmode]}
          """)
  record Postgres(
      @Option(
              name = "for",
              doc = "Tenants and pipelines that may",
              example = "[aviation]",
              required = true)
          List<Scope> pipelines,
      @Option(doc = "The hosts", example = "[db.internal, db2.internal:6432]", required = true)
          List<HostPort> hosts,
      @Option(doc = "The databases", example = "[ops]", required = true) List<String> databases,
      @Option(
              doc = "Properties that a URL may set; others could name classes or files",
              example = "[sslmode]",
              choices = {
                "ApplicationName",
                "connectTimeout",
                "currentSchema",
                "loadBalanceHosts",
                "socketTimeout",
                "sslcert",
                "sslkey",
                "sslmode",
                "sslrootcert",
                "targetServerType",
                "tcpKeepAlive"
              })
          List<String> properties,
      @Option(
              doc = "Whether a host may be this machine itself or a link-local address",
              defaultValue = "false")
          boolean loopback)
      implements Allowance {
    static final int USUAL_PORT = 5432;

    public Postgres {
      pipelines = List.copyOf(pipelines);
      hosts = List.copyOf(hosts);
      databases = List.copyOf(databases);
      properties = List.copyOf(properties);
    }

    @Override
    public boolean lets(ConnectorTarget target) {
      return target instanceof ConnectorTarget.Postgres database
          && database.hosts().stream()
              .allMatch(host -> hosts.stream().anyMatch(h -> h.is(host, USUAL_PORT)))
          && databases.contains(database.database())
          && properties.containsAll(database.properties());
    }

    @Override
    public String words() {
      return "postgresql "
          + texts(hosts)
          + " / "
          + texts(databases)
          + (properties.isEmpty() ? "" : " with " + texts(properties))
          + " for "
          + texts(pipelines);
    }
  }

  /** DuckDB files. */
  @Kind(
      value = "duckdb",
      doc = "DuckDB files below a folder, by the driver `jdbc:duckdb:`: tables and sinks `jdbc`.",
      example =
          """
          - {type: duckdb, for: [aviation], path: marts}
          """)
  record DuckDb(
      @Option(
              name = "for",
              doc = "Tenants and pipelines that may",
              example = "[aviation]",
              required = true)
          List<Scope> pipelines,
      @Option(doc = "The folder", example = "marts") FolderPath path)
      implements Allowance {
    public DuckDb {
      pipelines = List.copyOf(pipelines);
    }

    @Override
    public boolean lets(ConnectorTarget target) {
      return target instanceof ConnectorTarget.DuckDb file && path.holds(file.path());
    }

    @Override
    public String words() {
      return "duckdb " + path + " for " + texts(pipelines);
    }
  }

  /** A topic that is not a pipeline's. */
  @Kind(
      value = "topic",
      doc =
          "A topic that no pipeline made: sources and sinks `pulsar` with `topic`. Another pipeline's"
              + " stream needs none, but a grant as its reader.",
      example =
          """
          - {type: topic, for: [aviation], topic: persistent://public/default/orders, access: [read]}
          """)
  record Topic(
      @Option(
              name = "for",
              doc = "Tenants and pipelines that may",
              example = "[aviation]",
              required = true)
          List<Scope> pipelines,
      @Option(
              doc = "The topic",
              example = "persistent://public/default/orders",
              syntax = Syntax.TOPIC)
          String topic,
      @Option(doc = "Whether they may read, write or both", example = "[read]", required = true)
          List<Access> access)
      implements Allowance {
    public Topic {
      pipelines = List.copyOf(pipelines);
      access = List.copyOf(access);
    }

    @Override
    public boolean lets(ConnectorTarget target) {
      return target instanceof ConnectorTarget.Topic named
          && named.name().equals(topic)
          && access.contains(named.access());
    }

    @Override
    public String words() {
      return Access.texts(access) + " topic " + topic + " for " + texts(pipelines);
    }
  }

  /** Hosts by URL. */
  @Kind(
      value = "url",
      doc =
          "Hosts, by the scheme of the URL. No connector of today takes a URL: a path with a scheme is"
              + " refused unless a rule of this kind names its host. `file:` is no scheme here.",
      example =
          """
          - {type: url, for: [aviation], scheme: https, hosts: [feeds.example.org], access: [read]}
          """)
  record Url(
      @Option(
              name = "for",
              doc = "Tenants and pipelines that may",
              example = "[aviation]",
              required = true)
          List<Scope> pipelines,
      @Option(
              doc = "The scheme",
              example = "https",
              choices = {"https", "s3", "mqtts", "ftps"})
          String scheme,
      @Option(doc = "The hosts", example = "[feeds.example.org]", required = true)
          List<HostPort> hosts,
      @Option(doc = "Whether they may read, write or both", example = "[read]", required = true)
          List<Access> access,
      @Option(
              doc = "Whether a host may be this machine itself or a link-local address",
              defaultValue = "false")
          boolean loopback)
      implements Allowance {
    public Url {
      pipelines = List.copyOf(pipelines);
      hosts = List.copyOf(hosts);
      access = List.copyOf(access);
    }

    @Override
    public boolean lets(ConnectorTarget target) {
      return target instanceof ConnectorTarget.Url url
          && url.scheme().equals(scheme)
          && access.contains(url.access())
          && hosts.stream().anyMatch(host -> host.is(url.host(), HostPort.NONE));
    }

    @Override
    public String words() {
      return Access.texts(access)
          + " "
          + scheme
          + "://"
          + texts(hosts)
          + " for "
          + texts(pipelines);
    }
  }
}
