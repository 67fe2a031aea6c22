package io.sagitta.service.access;

import io.sagitta.identity.Identity;
import io.sagitta.policy.Action;
import io.sagitta.policy.Resource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one question that a route asks before it answers. */
public sealed interface Ask {
  /** One action on what the path names. */
  record OfPath(Action action, String name) implements Ask {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");

    /** Returns what {@code parameters} name; empty if nothing can have that name. */
    Optional<Resource> resource(UnaryOperator<String> parameters) {
      return Resource.of(
          action,
          PARAMETER
              .matcher(name)
              .replaceAll(p -> Matcher.quoteReplacement(parameters.apply(p.group(1)))));
    }
  }

  /** One action on each thing of a list. */
  record OfEach(Action action) implements Ask {}

  /** One action on what the body names. */
  record OfBody(Action action) implements Ask {}

  /** Whether the caller is a person or service of the policy. */
  record IsKnown() implements Ask {}

  /** Whether the caller is a process of the platform. */
  record IsMachine(Identity.Machine machine) implements Ask {}

  /** Nothing, and why that is right. */
  record Nothing(String because) implements Ask {}
}
