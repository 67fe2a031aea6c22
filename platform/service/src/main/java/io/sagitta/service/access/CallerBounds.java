package io.sagitta.service.access;

import io.sagitta.identity.Identity;
import io.sagitta.service.Buckets;
import io.sagitta.service.Problem;
import io.sagitta.service.Shares;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

/**
 * Bounds how much one caller has done at once, and how often it changes something, so that others
 * are served beside it. Whoever proves nothing counts by address. Machines of the platform are not
 * bounded: a node that starts asks for the tokens of thousands of pipelines.
 */
final class CallerBounds extends HttpFilter {
  static final int AT_ONCE = 32;
  static final int CHANGES = 1_000;
  static final Duration CHANGE_EVERY = Duration.ofMillis(50);

  private static final long serialVersionUID = 1;
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final transient Shares shares = new Shares(Integer.MAX_VALUE, AT_ONCE);
  private final transient Buckets<String> changes =
      new Buckets<>(CHANGES, CHANGE_EVERY, System::nanoTime);

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Caller caller = Visit.of(request).caller();
    if (caller.identity().filter(Identity.Machine.class::isInstance).isPresent()) {
      chain.doFilter(request, response);
      return;
    }
    String who = caller.identity().map(Identity::principal).orElse("- " + caller.from());
    if (!READING.contains(request.getMethod()) && !changes.take(who)) {
      refuse(
          response,
          changes.untilNext(who),
          "One caller may change something %d times, and then once in %d ms."
              .formatted(CHANGES, CHANGE_EVERY.toMillis()));
    } else if (!shares.take(who, 1)) {
      refuse(response, RETRY, "One caller may have %d requests at once.".formatted(AT_ONCE));
    } else {
      Request.addCompletionListener(
          ServletContextRequest.getServletContextRequest(request), end -> shares.give(who, 1));
      chain.doFilter(request, response);
    }
  }

  private static void refuse(HttpServletResponse response, Duration wait, String detail)
      throws IOException {
    Problem.of(
            429, "too-many-requests", "Too many requests", detail + " Send this one again later.")
        .retryAfter(wait)
        .send(response);
  }
}
