package io.sagitta.service.access;

import io.sagitta.service.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The first that a request meets: finds out whose it is, turns away what a browser sends for other
 * sites, and sets the headers of every reply.
 */
final class Entrance extends HttpFilter {
  private static final long serialVersionUID = 1;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private final transient Doorkeeper keeper;
  private final transient Proofs proofs;

  Entrance(Doorkeeper keeper, Proofs proofs) {
    this.keeper = keeper;
    this.proofs = proofs;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    headers(request, response);
    if (isOfAnotherSite(request)) {
      Caller caller = Caller.unproven("of another site", request.getRemoteAddr());
      keeper.turnAway(caller, request.getMethod() + " " + request.getRequestURI());
      Problem.of(
              403,
              "other-site",
              "Another site's request",
              "A browser sent this for a page of another site. Only programs, and pages of this"
                  + " very address, may ask here.")
          .send(response);
      return;
    }
    new Visit(keeper, proofs.caller(request)).attach(request);
    chain.doFilter(request, response);
  }

  private static void headers(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader(
        "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader("Cache-Control", "no-store");
    if (request.isSecure()) {
      response.setHeader("Strict-Transport-Security", "max-age=31536000");
    }
  }

  /**
   * Browsers add certificates and cookies to what any page makes them send, so who it is for counts
   * and not whose it is. A name that leads here and is not ours is one that was made to (DNS
   * rebinding); behind TLS the certificate says which names are ours.
   */
  private static boolean isOfAnotherSite(HttpServletRequest request) {
    String host = Objects.requireNonNullElse(request.getHeader("Host"), "");
    String origin = request.getHeader("Origin");
    String site = request.getHeader("Sec-Fetch-Site");
    if (origin != null
        && !origin
            .toLowerCase(Locale.ROOT)
            .equals(request.getScheme() + "://" + host.toLowerCase(Locale.ROOT))) {
      return true;
    }
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      return true;
    }
    return !request.isSecure() && !LOOPBACK.contains(host.replaceFirst(":\\d+$", ""));
  }
}
