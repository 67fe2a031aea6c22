package io.sagitta.service.access;

import io.sagitta.identity.Identity;
import io.sagitta.policy.Action;
import io.sagitta.policy.Resource;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One request of one caller, and what was asked for it. Each request has its own. */
public final class Visit {
  private static final String ATTRIBUTE = Visit.class.getName();

  private final Doorkeeper keeper;
  private final Caller caller;
  private volatile boolean asked;

  Visit(Doorkeeper keeper, Caller caller) {
    this.keeper = keeper;
    this.caller = caller;
  }

  /** Returns the visit that {@code request} is. */
  public static Visit of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Visit visit) {
      return visit;
    }
    throw new IllegalStateException("A request came past the doors");
  }

  void attach(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** Returns who it is. */
  public Caller caller() {
    return caller;
  }

  /** Returns who it is, as histories name them; {@code claimed} where nobody has to prove it. */
  public String author(String claimed) {
    return keeper.isGuarded() ? caller.who() : claimed;
  }

  /**
   * Returns if the caller may do {@code action} to {@code resource}.
   *
   * @throws io.sagitta.service.ProblemException 401 or 403, which say nothing of {@code resource}
   */
  public void require(Action action, Resource resource) {
    asked = true;
    keeper.require(caller, action, resource);
  }

  /**
   * Returns if the caller proved to be somebody who may do {@code action} to {@code resource}:
   * where nobody has to prove anything, nobody may.
   *
   * @throws ProblemException 401 or 403
   */
  public void requireProven(Action action, Resource resource) {
    if (!keeper.isGuarded()) {
      throw Problem.of(
              403,
              "nobody-proven",
              "Nobody proves who they are",
              "This role is unprotected, so it does for nobody what takes the action '%s'."
                  .formatted(action.word()))
          .exception();
    }
    require(action, resource);
  }

  /** Returns whether the caller may do {@code action} to {@code resource}; nothing is refused. */
  public boolean may(Action action, Resource resource) {
    asked = true;
    return keeper.lets(caller, action, resource);
  }

  /**
   * Returns whether the caller may still do {@code action} to {@code resource}, and its proof still
   * holds: for what lasts longer than a request.
   */
  public boolean mayStill(Action action, Resource resource) {
    return !keeper.isGuarded()
        || (Instant.now().isBefore(caller.until()) && keeper.lets(caller, action, resource));
  }

  /** Returns the things of a list that the caller may do {@code action} to. */
  public <T> List<T> each(Collection<T> things, Action action, Function<T, Resource> resource) {
    asked = true;
    return things.stream()
        .filter(thing -> keeper.lets(caller, action, resource.apply(thing)))
        .toList();
  }

  /**
   * Asks what {@code route} does, of what {@code parameters} name.
   *
   * @throws ProblemException 401 or 403, which say nothing of what was asked for
   */
  public void ask(Route route, Map<String, String> parameters) {
    String path = route.verb() + " " + route.path();
    if (route.ask() instanceof Ask.OfPath one) {
      require(
          one.action(),
          one.resource(p -> parameters.getOrDefault(p, ""))
              .orElseThrow(() -> unnamed(one.action(), path)));
    } else {
      throw new IllegalStateException(path + " asks nothing of its path");
    }
  }

  /** Refuses what no rule can name. */
  ProblemException unnamed(Action action, String path) {
    return keeper.isGuarded()
        ? keeper.deny(caller, action.word(), path, "no rule can name this")
        : Problem.of(404, "unknown-name", "Unknown name", "Nothing can be named like this.")
            .exception();
  }

  void requireKnown(String object) {
    keeper.requireKnown(caller, object);
  }

  void requireMachine(Identity.Machine machine, String object) {
    keeper.requireMachine(caller, machine, object);
  }

  /** Returns whether the policy was asked. */
  boolean asked() {
    return asked;
  }
}
