package io.sagitta.service.access;

import io.sagitta.policy.Resource;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Objects;

/** Asks each route's question before its method runs. */
final class RouteGuard implements DynamicFeature {
  @Override
  public void configure(ResourceInfo resource, FeatureContext context) {
    // Jersey's own methods, which answer OPTIONS, are of no resource and tell nothing.
    Ask ask =
        resource.getResourceClass().isAnnotationPresent(Path.class)
            ? Route.ask(resource.getResourceMethod(), Route.path(resource))
            : new Ask.Nothing("Jersey's own");
    context.register(new Question(ask));
  }

  /** The question of one route. */
  private record Question(Ask ask) implements ContainerRequestFilter, ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request) {
      Visit visit = visit(request);
      String path = request.getMethod() + " " + request.getUriInfo().getPath();
      if (ask instanceof Ask.OfPath one) {
        MultivaluedMap<String, String> parameters = request.getUriInfo().getPathParameters();
        Resource resource =
            one.resource(p -> Objects.requireNonNullElse(parameters.getFirst(p), ""))
                .orElseThrow(() -> visit.unnamed(one.action(), path));
        visit.require(one.action(), resource);
      } else if (ask instanceof Ask.OfEach || ask instanceof Ask.IsKnown) {
        visit.requireKnown(path);
      } else if (ask instanceof Ask.OfBody) {
        visit.requireKnown(path);
      } else if (ask instanceof Ask.IsMachine machine) {
        visit.requireMachine(machine.machine(), path);
      }
    }

    /** Fails if a method answered without having asked: a test meets it before anybody else. */
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
      boolean itself = ask instanceof Ask.OfBody || ask instanceof Ask.OfEach;
      if (itself && response.getStatus() < 400 && !visit(request).asked()) {
        throw new IllegalStateException(
            request.getUriInfo().getPath() + " answered without asking for " + ask);
      }
    }

    private static Visit visit(ContainerRequestContext request) {
      if (request.getProperty(Visit.class.getName()) instanceof Visit visit) {
        return visit;
      }
      throw new IllegalStateException("A request came past the doors");
    }
  }
}
