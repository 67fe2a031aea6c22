package io.sagitta.connectors;

import io.sagitta.policy.Access;
import io.sagitta.policy.ConnectorTarget;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Resource;
import io.sagitta.policy.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What one pipeline may reach outside the platform. A connector asks before it opens anything, with
 * the words of the definition, and opens what the answer is: the path that is left when every
 * symbolic link has been followed, so that nothing leads elsewhere between the question and the
 * opening. Thread-safe; each question goes to the policy of that moment.
 */
public final class Reach {
  private final Path base;
  private final ReachRules rules;

  private Reach(Path base, ReachRules rules) {
    this.base = base.toAbsolutePath().normalize();
    this.rules = rules;
  }

  /**
   * Returns the reach of whoever started this process: everything that they can reach.
   *
   * @param base where relative paths start
   */
  public static Reach free(Path base) {
    return new Reach(base, new ReachRules.Free());
  }

  /**
   * Returns what {@code policy} lets {@code pipeline} reach. While there is none, that is what lies
   * below {@code base}, and no host.
   *
   * @param base where relative paths start
   */
  public static Reach of(Path base, Resource.Pipeline pipeline, Supplier<Optional<Policy>> policy) {
    return new Reach(base, new ReachRules.Granted(pipeline, policy));
  }

  /**
   * Returns where the file or folder {@code path} really is.
   *
   * @throws ConnectorException if it is out of reach, by its name or by where a link leads
   */
  public Path files(String path, Access access) throws ConnectorException {
    return files(path, path, access);
  }

  /**
   * Returns where {@code certain}, the part of {@code path} before its first glob, really is.
   *
   * @throws ConnectorException if it is out of reach, by its name or by where a link leads
   */
  public Path files(String path, String certain, Access access) throws ConnectorException {
    rules.check(Targets.ofPath(path, access));
    return follow(base.resolve(certain), p -> Targets.ofPath(p, access));
  }

  /**
   * Returns where {@code found}, which was found in a folder that may be reached, really is.
   *
   * @throws ConnectorException if it is a link to what is out of reach
   */
  public Path found(Path found, Access access) throws ConnectorException {
    return follow(found, p -> Targets.ofPath(p, access));
  }

  /** Returns where the DuckDB file {@code path} really is. */
  public Path duckDb(String path) throws ConnectorException {
    rules.check(new ConnectorTarget.DuckDb(path));
    return follow(base.resolve(path), ConnectorTarget.DuckDb::new);
  }

  /**
   * Checks a database's URL, all of it.
   *
   * @return whether its hosts may resolve to {@linkplain InsideAddresses addresses inside}
   */
  public boolean database(String jdbcUrl) throws ConnectorException {
    ConnectorTarget target = Targets.ofJdbc(jdbcUrl);
    rules.check(target);
    return rules.inside(target);
  }

  /** Checks a topic that no pipeline made. */
  public void topic(String topic, Access access) throws ConnectorException {
    rules.check(new ConnectorTarget.Topic(topic, access));
  }

  /** Checks another pipeline's stream, as {@code tenant/pipeline/stream}. */
  public void stream(String name) throws ConnectorException {
    rules.checkStream(name);
  }

  private Path follow(Path path, Function<String, ConnectorTarget> target)
      throws ConnectorException {
    if (!rules.followsLinks()) {
      return path.toAbsolutePath().normalize();
    }
    Path real;
    List<String> spellings = new ArrayList<>();
    try {
      real = real(path);
      Path home = real(base);
      if (real.startsWith(home)) {
        String below = home.relativize(real).toString();
        spellings.add(below.isEmpty() ? "." : below);
      }
      spellings.add(real.toString());
    } catch (IOException e) {
      throw new ConnectorException(path + " leads nowhere: " + e + ". Correct path", e);
    }
    ConnectorException refused = new ConnectorException(path + " cannot be reached");
    for (String spelling : spellings) {
      try {
        rules.check(target.apply(spelling));
        return real;
      } catch (ConnectorException e) {
        refused = e;
      }
    }
    throw real.equals(path.normalize())
        ? refused
        : new ConnectorException(path + " leads to " + real + ": " + refused.getMessage(), refused);
  }

  /** Returns {@code path} without links; what is not there yet is below what is. */
  private static Path real(Path path) throws IOException {
    Path there = path.toAbsolutePath();
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = there.getParent();
      if (parent == null) {
        throw new IOException("there is no " + there);
      }
      there = parent;
    }
    return there.toRealPath().resolve(there.relativize(path.toAbsolutePath())).normalize();
  }
}
