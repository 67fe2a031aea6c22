package io.sagitta.gateway.streams;

import io.sagitta.engine.codec.RowFormat;
import io.sagitta.gateway.catalog.Catalog;
import io.sagitta.policy.Action;
import io.sagitta.policy.Resource;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.service.access.Ask;
import io.sagitta.service.access.Route;
import io.sagitta.service.access.Visit;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;

/**
 * Asks the route's question, then turns {@code GET /v1/streams/{tenant}/{pipeline}/{stream}/ws}
 * into a WebSocket. Everything that can be wrong is answered as a problem before.
 */
final class SocketFilter extends HttpFilter {
  static final Route ROUTE =
      new Route(
          "GET",
          "/v1/streams/{tenant}/{pipeline}/{stream}/ws",
          new Ask.OfPath(Action.OnStream.READ, "{tenant}/{pipeline}/{stream}"));

  private static final long serialVersionUID = 1;
  private static final Pattern PATH = Pattern.compile("/v1/streams/([^/]+)/([^/]+)/([^/]+)/ws");
  private static final List<String> PARAMETERS = List.of("from", "to", "limit", "cursor", "format");

  private final transient Catalog catalog;
  private final transient Scans scans;
  private final transient StreamMetrics metrics;

  SocketFilter(Catalog catalog, Scans scans, StreamMetrics metrics) {
    this.catalog = catalog;
    this.scans = scans;
    this.metrics = metrics;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Matcher path = PATH.matcher(request.getRequestURI());
    if (!path.matches()) {
      chain.doFilter(request, response);
      return;
    }
    try {
      Visit visit = Visit.of(request);
      visit.ask(
          ROUTE,
          Map.of("tenant", path.group(1), "pipeline", path.group(2), "stream", path.group(3)));
      StreamSocket socket = socket(request, path);
      JettyWebSocketServerContainer container =
          Objects.requireNonNull(
              JettyWebSocketServerContainer.getContainer(request.getServletContext()));
      if (!container.upgrade((upgrade, reply) -> socket, request, response)) {
        throw Problem.of(
                426,
                "upgrade-required",
                "Upgrade required",
                "This path speaks WebSocket. Connect with a WebSocket client, or read "
                    + request.getRequestURI().replaceFirst("/ws$", "/rows")
                    + ".")
            .exception();
      }
    } catch (ProblemException e) {
      if (e.problem().status() == 426) {
        response.setHeader("Upgrade", "websocket");
      }
      e.problem().send(response);
    }
  }

  private StreamSocket socket(HttpServletRequest request, Matcher path) {
    StreamRef stream =
        StreamResource.find(
            catalog, path.group(1), path.group(2), path.group(3), Visit.of(request));
    Map<String, List<String>> parameters = new HashMap<>();
    request.getParameterMap().forEach((name, all) -> parameters.put(name, Arrays.asList(all)));
    Query query = Query.of(parameters, stream, PARAMETERS);
    query
        .cursor()
        .filter(text -> !text.equals("latest"))
        .ifPresent(text -> Cursor.parse(text, stream.id(), stream.partitions()));
    Visit visit = Visit.of(request);
    Resource.Stream resource =
        new Resource.Stream(new Resource.Pipeline(path.group(1), path.group(2)), path.group(3));
    return new StreamSocket(
        scans,
        stream,
        query,
        format(parameters),
        metrics,
        () -> visit.mayStill(Action.OnStream.READ, resource));
  }

  private static RowFormat format(Map<String, List<String>> parameters) {
    String format = parameters.getOrDefault("format", List.of("json")).get(0);
    return switch (format) {
      case "json" -> RowFormat.JSON_ARRAY;
      case "arrow" -> RowFormat.ARROW;
      default ->
          throw Problem.of(
                  400,
                  "bad-parameter",
                  "Bad parameter",
                  "format=%s is none; a WebSocket has json or arrow.".formatted(format))
              .exception();
    };
  }
}
