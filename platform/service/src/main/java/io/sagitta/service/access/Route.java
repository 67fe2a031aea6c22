package io.sagitta.service.access;

import io.sagitta.policy.Action;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A way into a role.
 *
 * @param verb the HTTP method
 * @param path with names in braces where it has parameters
 * @param ask what is asked before it answers
 */
public record Route(String verb, String path, Ask ask) {
  /**
   * Returns the routes of resource classes, by path and verb.
   *
   * @throws IllegalStateException if one declares no question, or several, or one that makes no
   *     sense: such a role must not start
   */
  public static List<Route> of(Collection<? extends Class<?>> resources) {
    List<Route> routes = new ArrayList<>();
    for (Class<?> resource : resources) {
      Path path = resource.getAnnotation(Path.class);
      if (path != null) {
        Arrays.stream(resource.getMethods())
            .filter(method -> !method.isBridge())
            .forEach(method -> of(path.value(), method).ifPresent(routes::add));
      }
    }
    routes.sort(Comparator.comparing((Route r) -> r.path()).thenComparing(Route::verb));
    return List.copyOf(routes);
  }

  /** Returns the path of the route that {@code resource} is. */
  static String path(ResourceInfo resource) {
    Path base = resource.getResourceClass().getAnnotation(Path.class);
    Path below = resource.getResourceMethod().getAnnotation(Path.class);
    return (base == null ? "" : base.value()) + (below == null ? "" : below.value());
  }

  private static Optional<Route> of(String base, Method method) {
    Path below = method.getAnnotation(Path.class);
    String path = below == null ? base : base + below.value();
    List<String> verbs =
        Arrays.stream(method.getAnnotations())
            .map(a -> a.annotationType().getAnnotation(HttpMethod.class))
            .filter(a -> a != null)
            .map(HttpMethod::value)
            .toList();
    if (verbs.isEmpty()) {
      if (below != null) {
        throw new IllegalStateException(
            method + " hands its path on to an object whose routes nobody can list");
      }
      return Optional.empty();
    }
    return Optional.of(new Route(verbs.get(0), path, ask(method, path)));
  }

  /** Returns what {@code method} declares. */
  static Ask ask(Method method, String path) {
    List<Ask> asks = new ArrayList<>();
    for (Annotation annotation : method.getAnnotations()) {
      if (annotation instanceof Allowed allowed) {
        asks.add(ask(allowed, method, path));
      } else if (annotation instanceof Everybody everybody) {
        asks.add(new Ask.Nothing(everybody.because()));
      } else if (annotation instanceof Known) {
        asks.add(new Ask.IsKnown());
      } else if (annotation instanceof Machines machines) {
        asks.add(new Ask.IsMachine(machines.value()));
      }
    }
    if (asks.size() != 1) {
      throw new IllegalStateException(
          "%s must declare exactly one question (@Allowed, @Known, @Machines or @Everybody), and declares %d"
              .formatted(method, asks.size()));
    }
    return asks.get(0);
  }

  private static Ask ask(Allowed allowed, Method method, String path) {
    Action action =
        Action.named(allowed.action())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        method + " asks for '" + allowed.action() + "', which is no action"));
    return switch (allowed.to()) {
      case Allowed.EACH -> new Ask.OfEach(action);
      case Allowed.BODY -> new Ask.OfBody(action);
      default -> ofPath(action, allowed.to(), method, path);
    };
  }

  private static Ask ofPath(Action action, String name, Method method, String path) {
    Ask.OfPath ask = new Ask.OfPath(action, name);
    boolean named =
        ask.resource(
                parameter -> {
                  if (!path.contains("{" + parameter + "}")) {
                    throw new IllegalStateException(
                        "%s asks for '%s', and %s has no {%s}"
                            .formatted(method, name, path, parameter));
                  }
                  return "x";
                })
            .isPresent();
    if (!named) {
      throw new IllegalStateException(
          "%s asks to %s '%s', which is not named like that"
              .formatted(method, action.word(), name));
    }
    return ask;
  }
}
