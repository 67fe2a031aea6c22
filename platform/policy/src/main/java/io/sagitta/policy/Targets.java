package io.sagitta.policy;

import io.sagitta.policy.ConnectorTarget.DuckDb;
import io.sagitta.policy.ConnectorTarget.Files;
import io.sagitta.policy.ConnectorTarget.Postgres;
import io.sagitta.policy.ConnectorTarget.Unclear;
import io.sagitta.policy.ConnectorTarget.Url;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads where a path or a JDBC URL of a definition leads to. Whatever does not match as a whole is
 * unclear.
 */
public final class Targets {
  private static final Pattern SCHEMED = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");
  private static final Pattern URL =
      Pattern.compile("(?<scheme>[a-z][a-z0-9+.-]*)://(?<host>[^/?#@\\\\\\s]+)(/[^?#@\\\\\\s]*)?");
  private static final Pattern PLAIN_PATH = Pattern.compile("[^:;?*\\[{\\x00-\\x1f]+");
  private static final Pattern POSTGRES =
      Pattern.compile(
          "jdbc:postgresql://(?<hosts>[A-Za-z0-9.,:-]+)/(?<database>[A-Za-z0-9_-]{1,63})"
              + "(\\?(?<properties>[A-Za-z]+=[A-Za-z0-9_./,-]*(&[A-Za-z]+=[A-Za-z0-9_./,-]*)*))?");

  private Targets() {}

  /** Returns what a path in a definition leads to. */
  public static ConnectorTarget ofPath(String path, Access access) {
    if (path.indexOf('\\') >= 0) {
      return new Unclear(path, "it has a backslash, which a glob takes for an escape");
    }
    Matcher url = URL.matcher(path);
    if (!url.matches()) {
      return SCHEMED.matcher(path).lookingAt()
          ? new Unclear(path, "it has a scheme, and is not scheme://host/path")
          : new Files(path, access);
    }
    Optional<HostPort> host = HostPort.parse(url.group("host"));
    return host.isEmpty()
        ? new Unclear(path, "'" + url.group("host") + "' is not " + HostPort.WORDS)
        : new Url(url.group("scheme"), host.get(), access);
  }

  /** Returns what a JDBC URL in a definition leads to. */
  public static ConnectorTarget ofJdbc(String url) {
    if (url.startsWith("jdbc:duckdb:")) {
      String path = url.substring("jdbc:duckdb:".length());
      return PLAIN_PATH.matcher(path).matches()
          ? new DuckDb(path)
          : new Unclear(url, "it is not jdbc:duckdb: and the path of a file");
    }
    Matcher postgres = POSTGRES.matcher(url);
    if (!postgres.matches()) {
      return new Unclear(
          url.replaceFirst("[?;@].*", "…"),
          "it is neither jdbc:postgresql://host:port/database nor jdbc:duckdb: and a file");
    }
    List<HostPort> hosts = new ArrayList<>();
    for (String text : postgres.group("hosts").split(",", -1)) {
      Optional<HostPort> host = HostPort.parse(text);
      if (host.isEmpty()) {
        return new Unclear(
            url.replaceFirst("[?].*", "…"), "'" + text + "' is not " + HostPort.WORDS);
      }
      hosts.add(host.get());
    }
    List<String> properties =
        Optional.ofNullable(postgres.group("properties")).stream()
            .flatMap(all -> Arrays.stream(all.split("&")))
            .map(property -> property.replaceFirst("=.*", ""))
            .distinct()
            .toList();
    return new Postgres(hosts, postgres.group("database"), properties);
  }
}
