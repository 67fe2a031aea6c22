package io.sagitta.service.access;

import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.RefusedTokenException;
import io.sagitta.identity.TokenVerifier;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * What a request presents as proof: a bearer token, else the cookie of a session, else the
 * certificate of its connection. One that proves nobody is not made good by the next.
 */
public final class Presented implements Proofs {
  /** What {@link Caller#proof} says of a certificate. */
  public static final String CERTIFICATE = "certificate";

  /** What {@link Caller#proof} says of a session. */
  public static final String SESSION = "session";

  /**
   * The cookie that holds a session's id. Browsers take one of this prefix from its very host
   * alone, over TLS, for all paths.
   */
  public static final String COOKIE = "__Host-sagitta";

  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";
  private static final String BEARER = "bearer ";

  private final PolicyInForce policy;
  private final Sessions sessions;
  private final Clock clock;

  /** Creates one that verifies with what {@code policy} and {@code sessions} hold. */
  public Presented(PolicyInForce policy, Sessions sessions, Clock clock) {
    this.policy = policy;
    this.sessions = sessions;
    this.clock = clock;
  }

  /** Returns the values of the request's cookies called {@code name}. */
  public static List<String> cookies(HttpServletRequest request, String name) {
    Cookie[] all = request.getCookies();
    return all == null
        ? List.of()
        : Arrays.stream(all)
            .filter(cookie -> cookie.getName().equals(name))
            .map(Cookie::getValue)
            .toList();
  }

  @Override
  public Caller caller(HttpServletRequest request) {
    String from = request.getRemoteAddr() + ":" + request.getRemotePort();
    String header = request.getHeader("Authorization");
    if (header != null) {
      return token(header, from);
    }
    List<String> ids = cookies(request, COOKIE);
    if (sessions.isKept() && !ids.isEmpty()) {
      return session(ids, from);
    }
    return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0
        ? certificate(chain[0], from)
        : Caller.unproven("no certificate and no token", from);
  }

  private Caller token(String header, String from) {
    Optional<TokenVerifier> verifier = policy.tokens();
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Caller.unproven("Authorization holds no bearer token", from);
    }
    if (verifier.isEmpty()) {
      return Caller.unproven("no keys for tokens have been read yet", from);
    }
    try {
      TokenVerifier.Proven proven =
          verifier.get().verify(header.substring(BEARER.length()).strip());
      return proven.identity() instanceof Identity.Subject subject
          ? Caller.proven(subject, "token", from, proven.expires())
          // Machines prove themselves by certificates, so that a token of theirs is somebody
          // else's.
          : Caller.unproven("a token of " + proven.identity().principal(), from);
    } catch (RefusedTokenException e) {
      return Caller.unproven("refused token: " + e.getMessage(), from);
    }
  }

  private Caller session(List<String> ids, String from) {
    // A browser sends one: a second was put beside it by somebody else.
    return ids.size() > 1
        ? Caller.unproven("several sessions", from)
        : sessions
            .use(ids.get(0))
            .map(s -> Caller.proven(s.person(), SESSION, from, sessions.end(s)))
            .orElseGet(() -> Caller.unproven("a session that is over, or never was", from));
  }

  private Caller certificate(X509Certificate certificate, String from) {
    try {
      // It held when the connection began; connections may last.
      certificate.checkValidity(Date.from(clock.instant()));
    } catch (CertificateException e) {
      return Caller.unproven("certificate: " + e.getMessage(), from);
    }
    return CredentialFolder.ofCertificate(certificate)
        .map(
            identity ->
                Caller.proven(identity, CERTIFICATE, from, certificate.getNotAfter().toInstant()))
        .orElseGet(() -> Caller.unproven("a certificate of nobody", from));
  }
}
