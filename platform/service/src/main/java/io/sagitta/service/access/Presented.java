package io.sagitta.service.access;

import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.RefusedTokenException;
import io.sagitta.identity.TokenVerifier;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;

/**
 * What a request presents as proof: a bearer token, else the certificate of its connection. A token
 * that proves nobody is not made good by a certificate.
 */
public final class Presented implements Proofs {
  /** What {@link Caller#proof} says of a certificate. */
  public static final String CERTIFICATE = "certificate";

  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";
  private static final String BEARER = "bearer ";

  private final PolicyInForce policy;
  private final Clock clock;

  /** Creates one that verifies with what {@code policy} holds. */
  public Presented(PolicyInForce policy, Clock clock) {
    this.policy = policy;
    this.clock = clock;
  }

  @Override
  public Caller caller(HttpServletRequest request) {
    String from = request.getRemoteAddr() + ":" + request.getRemotePort();
    String header = request.getHeader("Authorization");
    if (header != null) {
      return token(header, from);
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
