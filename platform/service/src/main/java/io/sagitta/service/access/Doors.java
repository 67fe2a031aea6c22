package io.sagitta.service.access;

import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee10.servlet.FilterHolder;

/**
 * All ways into a role. A role registers its resources with Jersey, and what answers past Jersey
 * here; anything else does not start.
 */
public final class Doors {
  private static final String ENTRANCE = "entrance";

  private final Environment environment;
  private final Doorkeeper keeper;
  private final List<Route> pastJersey = new ArrayList<>();
  private final Set<String> filters = new LinkedHashSet<>();
  private final Set<String> landings = ConcurrentHashMap.newKeySet();
  private final Sessions sessions;

  /** Creates the doors of a role that is being put together. */
  public Doors(Environment environment, Doorkeeper keeper, Proofs proofs, Sessions sessions) {
    this.environment = environment;
    this.keeper = keeper;
    this.sessions = sessions;
    environment.jersey().register(new RouteGuard());
    add(ENTRANCE, new Entrance(keeper, proofs, landings), "/*");
    environment
        .admin()
        .addFilter(ENTRANCE, new AdminEntrance(keeper, proofs))
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
  }

  /** Returns who decides. */
  public Doorkeeper keeper() {
    return keeper;
  }

  /** Returns the sessions of people; they have none unless the role keeps them. */
  public Sessions sessions() {
    return sessions;
  }

  /**
   * Lets another site lead a browser to {@code path}, by a link or redirect that it follows as a
   * whole page: where an identity provider sends people back to. Nothing else of another site gets
   * there.
   */
  public void landing(String path) {
    landings.add(path);
  }

  /** Bounds what one caller has done at once, and how often it changes something. */
  public void boundCallers() {
    if (keeper.isGuarded()) {
      add("caller-bounds", new CallerBounds(), "/*");
    }
  }

  /**
   * Adds a route that Jersey does not serve.
   *
   * @param filter which asks what {@code route} says before it answers
   * @param pattern of the paths that it sees
   */
  public void filter(Route route, HttpFilter filter, String pattern) {
    pastJersey.add(route);
    add(route.path(), filter, pattern);
  }

  private void add(String name, HttpFilter filter, String pattern) {
    filters.add(name);
    environment
        .servlets()
        .addFilter(name, filter)
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, pattern);
  }

  /**
   * Returns all routes, by path and verb.
   *
   * @throws IllegalStateException if there is one that does not say what it asks
   */
  public List<Route> routes() {
    var handler = environment.getApplicationContext().getServletHandler();
    List<String> strange =
        Arrays.stream(handler.getFilters())
            .map(FilterHolder::getName)
            .filter(name -> !filters.contains(name))
            .toList();
    if (!strange.isEmpty() || handler.getServlets().length > 0) {
      throw new IllegalStateException(
          "Servlets and filters " + strange + " answer without the doors' knowing");
    }
    var resources = environment.jersey().getResourceConfig();
    Set<Class<?>> classes = new LinkedHashSet<>(resources.getClasses());
    resources.getInstances().forEach(instance -> classes.add(instance.getClass()));
    List<Route> routes = new ArrayList<>(Route.of(classes));
    routes.addAll(pastJersey);
    return List.copyOf(routes);
  }
}
