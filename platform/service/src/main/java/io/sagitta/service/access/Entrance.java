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
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final Problem OTHER_SITE =
      Problem.of(
          403,
          "other-site",
          "Another site's request",
          "A browser sent this for a page of another site. Only programs, and pages of this very"
              + " address, may ask here.");
  private static final Problem NOT_JSON =
      Problem.of(
          415,
          "wrong-content-type",
          "Wrong content type",
          "With a session, a request that changes something has Content-Type application/json.");

  private final transient Doorkeeper keeper;
  private final transient Proofs proofs;
  private final transient Set<String> landings;

  /**
   * Creates one.
   *
   * @param landings the paths where other sites may send a browser to
   */
  Entrance(Doorkeeper keeper, Proofs proofs, Set<String> landings) {
    this.keeper = keeper;
    this.proofs = proofs;
    this.landings = landings;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ReplyHeaders.set(request.isSecure(), response::setHeader);
    if (isOfAnotherSite(request) && !landsHere(request)) {
      Caller caller = Caller.unproven("of another site", request.getRemoteAddr());
      turnAway(caller, request, OTHER_SITE, response);
      return;
    }
    Caller caller = proofs.caller(request);
    if (caller.proof().equals(Presented.SESSION) && !SAFE.contains(request.getMethod())) {
      if (!isOfOwnPage(request)) {
        turnAway(caller, request, OTHER_SITE, response);
        return;
      } else if (!isJsonOrEmpty(request)) {
        turnAway(caller, request, NOT_JSON, response);
        return;
      }
    }
    new Visit(keeper, caller).attach(request);
    chain.doFilter(request, response);
  }

  private void turnAway(
      Caller caller, HttpServletRequest request, Problem problem, HttpServletResponse response)
      throws IOException {
    keeper.turnAway(caller, request.getMethod() + " " + request.getRequestURI());
    problem.send(response);
  }

  /** A page that a browser goes to as a whole, which sends no Origin and reads no answer. */
  private boolean landsHere(HttpServletRequest request) {
    return landings.contains(request.getRequestURI())
        && request.getMethod().equals("GET")
        && request.getHeader("Origin") == null
        && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
        && "document".equals(request.getHeader("Sec-Fetch-Dest"))
        && request.isSecure();
  }

  /** A browser says so itself, with each request that changes something. */
  private static boolean isOfOwnPage(HttpServletRequest request) {
    return request.getHeader("Origin") != null
        || "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
  }

  /** A form of another site cannot send JSON without being asked first. */
  private static boolean isJsonOrEmpty(HttpServletRequest request) {
    String type = request.getContentType();
    return type == null
        ? request.getContentLengthLong() <= 0 && request.getHeader("Transfer-Encoding") == null
        : type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
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
