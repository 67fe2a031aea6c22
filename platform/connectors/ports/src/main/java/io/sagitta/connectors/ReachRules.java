package io.sagitta.connectors;

import io.sagitta.policy.Action.OnStream;
import io.sagitta.policy.ConnectorTarget;
import io.sagitta.policy.Decision;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Resource;
import io.sagitta.policy.Subject;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/** Who decides what may be reached. */
sealed interface ReachRules {

  /**
   * Checks {@code target}.
   *
   * @throws ConnectorException if it is out of reach; says which rule would let it
   */
  void check(ConnectorTarget target) throws ConnectorException;

  /** Checks whether another pipeline's stream may be read. */
  void checkStream(String name) throws ConnectorException;

  /** Returns whether the hosts of {@code target} may be addresses inside. */
  boolean inside(ConnectorTarget target);

  /** Returns whether what a link leads to is to be checked like what was named. */
  boolean followsLinks();

  /** Whoever started this process decides, by their own rights. */
  record Free() implements ReachRules {
    @Override
    public void check(ConnectorTarget target) {}

    @Override
    public void checkStream(String name) {}

    @Override
    public boolean inside(ConnectorTarget target) {
      return true;
    }

    @Override
    public boolean followsLinks() {
      return false;
    }
  }

  /** The policy of the moment decides. */
  record Granted(Resource.Pipeline pipeline, Supplier<Optional<Policy>> policy)
      implements ReachRules {
    @Override
    public void check(ConnectorTarget target) throws ConnectorException {
      Optional<Policy> now = policy.get();
      if (now.isEmpty()) {
        checkOwn(target);
      } else if (now.get().may(pipeline, target) instanceof Decision.Denied denied) {
        throw new ConnectorException(
            "the policy does not let %s %s: %s.%s"
                .formatted(
                    pipeline,
                    target,
                    denied.why(),
                    now.get()
                        .ruleFor(pipeline, target)
                        .map(rule -> " Add to a file of kind Connectors: - " + rule)
                        .orElse("")));
      }
    }

    @Override
    public void checkStream(String name) throws ConnectorException {
      String[] parts = name.split("/", -1);
      Resource.Stream stream =
          new Resource.Stream(new Resource.Pipeline(parts[0], parts[1]), parts[2]);
      Optional<Policy> now = policy.get();
      if (now.isPresent()
          && !now.get().may(new Subject.Pipeline(pipeline), OnStream.READ, stream).allowed()) {
        throw new ConnectorException(
            "the policy does not let %s read %s. Its owner grants it: - {role: reader, of: %s, to: [%s]}"
                .formatted(pipeline, stream, stream, pipeline));
      }
    }

    /** Topics are Pulsar's to refuse, which grants what the same policy says. */
    private void checkOwn(ConnectorTarget target) throws ConnectorException {
      boolean own =
          target instanceof ConnectorTarget.Topic
              || (target instanceof ConnectorTarget.Files files && isBelow(files.path()))
              || (target instanceof ConnectorTarget.DuckDb file && isBelow(file.path()));
      if (!own) {
        throw new ConnectorException(
            "%s may not %s: no policy is in force here, and without one pipelines reach what is below this process's own folder, and nothing else.%s"
                .formatted(
                    pipeline,
                    target,
                    target
                        .ruleFor(pipeline)
                        .map(rule -> " Give it a policy with the rule - " + rule)
                        .orElse("")));
      }
    }

    private static boolean isBelow(String path) {
      return path.chars().noneMatch(c -> c == ':' || c == '\\')
          && !path.startsWith("/")
          && !Arrays.asList(path.split("/")).contains("..");
    }

    @Override
    public boolean inside(ConnectorTarget target) {
      return policy.get().filter(p -> p.mayBeInside(pipeline, target)).isPresent();
    }

    @Override
    public boolean followsLinks() {
      return true;
    }
  }
}
