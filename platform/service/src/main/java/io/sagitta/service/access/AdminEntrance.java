package io.sagitta.service.access;

import io.sagitta.identity.Identity;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * The entrance of the admin port: health and metrics for the platform's own processes and for
 * whoever the policy knows, such as a monitoring service; and nothing else that Dropwizard has.
 */
final class AdminEntrance extends HttpFilter {
  private static final long serialVersionUID = 1;
  private static final Set<String> PATHS = Set.of("/healthcheck", "/metrics", "/ping");

  private final transient Doorkeeper keeper;
  private final transient Proofs proofs;

  AdminEntrance(Doorkeeper keeper, Proofs proofs) {
    this.keeper = keeper;
    this.proofs = proofs;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ReplyHeaders.set(request.isSecure(), response::setHeader);
    String path = request.getRequestURI();
    try {
      if (!request.getMethod().equals("GET") || !PATHS.contains(path)) {
        throw Problem.of(404, "unknown-path", "Unknown path", "Here are " + PATHS + " to GET.")
            .exception();
      }
      Caller caller = proofs.caller(request);
      if (caller.identity().filter(i -> i instanceof Identity.Machine).isEmpty()) {
        keeper.requireKnown(caller, "admin port " + path);
      }
      chain.doFilter(request, response);
    } catch (ProblemException e) {
      e.problem().send(response);
    }
  }
}
