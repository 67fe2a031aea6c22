package io.sagitta.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Something that an action is done to. */
public sealed interface Resource {

  /** The platform itself: its policy, its keys, its whole audit log. */
  record Platform() implements Resource {
    /** How scopes and commands name it. */
    public static final String NAME = "platform";

    @Override
    public String toString() {
      return NAME;
    }
  }

  /** A tenant: what was done in it. */
  record Tenant(String name) implements Resource {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A pipeline: its definition, its revisions, its run. */
  record Pipeline(String tenant, String name) implements Resource {
    @Override
    public String toString() {
      return tenant + "/" + name;
    }
  }

  /** A source of a pipeline: the rows that clients send to it. */
  record Source(Pipeline pipeline, String name) implements Resource {
    @Override
    public String toString() {
      return pipeline + "/" + name;
    }
  }

  /** A stream of a pipeline: the rows that it publishes. */
  record Stream(Pipeline pipeline, String name) implements Resource {
    @Override
    public String toString() {
      return pipeline + "/" + name;
    }
  }

  /** Returns the resource that {@code text} names, of the kind that {@code action} is done to. */
  static Optional<Resource> of(Action action, String text) {
    Optional<List<String>> parts = Scope.parse(text).map(Scope::parts);
    Class<? extends Resource> kind = action.on();
    if (parts.isEmpty() || parts.get().size() != depth(kind)) {
      return Optional.empty();
    }
    List<String> names = parts.get();
    return Optional.of(
        switch (names.size()) {
          case 0 -> new Platform();
          case 1 -> new Tenant(names.get(0));
          case 2 -> new Pipeline(names.get(0), names.get(1));
          default ->
              kind == Source.class
                  ? new Source(new Pipeline(names.get(0), names.get(1)), names.get(2))
                  : new Stream(new Pipeline(names.get(0), names.get(1)), names.get(2));
        });
  }

  /** Returns what {@code action} is done to, in one word. */
  static String noun(Action action) {
    return action.on().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Returns how a name of what {@code action} is done to is written. */
  static String form(Action action) {
    return switch (depth(action.on())) {
      case 0 -> Platform.NAME;
      case 1 -> "TENANT";
      case 2 -> "TENANT/PIPELINE";
      default -> "TENANT/PIPELINE/" + noun(action).toUpperCase(Locale.ROOT);
    };
  }

  private static int depth(Class<? extends Resource> kind) {
    if (kind == Platform.class) {
      return 0;
    }
    if (kind == Tenant.class) {
      return 1;
    }
    return kind == Pipeline.class ? 2 : 3;
  }
}
