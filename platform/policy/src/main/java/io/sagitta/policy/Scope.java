package io.sagitta.policy;

import io.sagitta.definition.options.Written;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a role is held: the platform itself, all of a tenant, all of a pipeline, or one source or
 * stream. The platform's scope holds no tenant, so that nobody may do everything by one rule.
 *
 * @param parts tenant, pipeline, and source or stream; none for the platform
 */
@Written(words = Scope.WORDS, pattern = Scope.PATTERN)
public record Scope(List<String> parts) {
  static final String WORDS =
      "'platform', a tenant, tenant/pipeline, or tenant/pipeline/name of a source or stream";
  static final String PATTERN =
      "[a-z][a-z0-9-]{0,62}(/[a-z][a-z0-9-]{0,62}(/[a-z][a-z0-9_]{0,62})?)?";
  private static final Pattern SYNTAX = Pattern.compile(PATTERN);

  public Scope {
    parts = List.copyOf(parts);
  }

  /** Returns the scope that {@code text} names. */
  public static Optional<Scope> parse(String text) {
    if (text.equals(Resource.Platform.NAME)) {
      return Optional.of(new Scope(List.of()));
    }
    return SYNTAX.matcher(text).matches() && !text.startsWith(Resource.Platform.NAME + "/")
        ? Optional.of(new Scope(List.of(text.split("/"))))
        : Optional.empty();
  }

  /** Returns the tenant, unless this is the platform. */
  Optional<String> tenant() {
    return parts.stream().findFirst();
  }

  /** Returns whether this is a tenant or a pipeline. */
  boolean holdsPipelines() {
    return parts.size() == 1 || parts.size() == 2;
  }

  /** Returns whether {@code resource} is here. */
  boolean covers(Resource resource) {
    if (resource instanceof Resource.Platform) {
      return parts.isEmpty();
    }
    List<String> path = List.of(resource.toString().split("/"));
    return !parts.isEmpty()
        && parts.size() <= path.size()
        && path.subList(0, parts.size()).equals(parts);
  }

  /** Returns whether {@code role} lets anybody do anything here. */
  boolean concerns(Role role) {
    return role.actions().stream().anyMatch(action -> mayCover(action.on()));
  }

  private boolean mayCover(Class<? extends Resource> kind) {
    if (kind == Resource.Platform.class) {
      return parts.isEmpty();
    }
    if (kind == Resource.Tenant.class) {
      return parts.size() == 1;
    }
    if (kind == Resource.Pipeline.class) {
      return holdsPipelines();
    }
    return !parts.isEmpty();
  }

  @Override
  public String toString() {
    return parts.isEmpty() ? Resource.Platform.NAME : String.join("/", parts);
  }
}
