package io.sagitta.service;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import java.util.List;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.uri.UriTemplate;

/** Times requests by route, method and status. */
@PreMatching
final class RequestMetrics implements ContainerRequestFilter, ContainerResponseFilter {
  private static final String STARTED = RequestMetrics.class.getName();

  private final Metrics.Histogram seconds;

  RequestMetrics(Metrics metrics) {
    this.seconds =
        metrics.seconds(
            "sagitta_http_request_seconds",
            "Time from a request's header to its reply's header.",
            "method",
            "route",
            "status");
  }

  @Override
  public void filter(ContainerRequestContext request) {
    request.setProperty(STARTED, System.nanoTime());
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getProperty(STARTED) instanceof Long started) {
      seconds.observe(
          (System.nanoTime() - started) / 1e9,
          method(request.getMethod()),
          route(request),
          Integer.toString(response.getStatus()));
    }
  }

  // A client may send any word as its method; labels must stay few.
  private static String method(String method) {
    return switch (method) {
      case "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH" -> method;
      default -> "other";
    };
  }

  private static String route(ContainerRequestContext request) {
    List<UriTemplate> templates = ((ExtendedUriInfo) request.getUriInfo()).getMatchedTemplates();
    StringBuilder route = new StringBuilder();
    for (UriTemplate template : templates) {
      route.insert(0, template.getTemplate());
    }
    return route.isEmpty() ? "none" : route.toString();
  }
}
