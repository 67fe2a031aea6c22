package io.sagitta.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Verifies bearer tokens: signed with a published key and the one algorithm that is accepted, by
 * our issuer, for this audience, not expired. What the token itself says of its algorithm counts
 * for nothing.
 */
public final class TokenVerifier {
  /** No token of ours is nearly as long. */
  private static final int MOST_CHARACTERS = 4096;

  private final JWSAlgorithm algorithm;
  private final String issuer;
  private final String audience;
  private final Supplier<String> published;
  private final Clock clock;

  /**
   * Creates a verifier.
   *
   * @param algorithm such as {@code ES256}
   * @param published returns the JSON Web Key Set in force, see {@link TokenKeys#published}
   */
  public TokenVerifier(
      String algorithm, String issuer, String audience, Supplier<String> published, Clock clock) {
    this.algorithm = JWSAlgorithm.parse(algorithm);
    this.issuer = issuer;
    this.audience = audience;
    this.published = published;
    this.clock = clock;
  }

  /** Whom a token proves, and until when. */
  public record Proven(Identity identity, Instant expires) {}

  /**
   * Returns whom {@code token} proves.
   *
   * @throws RefusedTokenException if it proves nobody
   */
  public Proven verify(String token) throws RefusedTokenException {
    if (token.length() > MOST_CHARACTERS) {
      throw new RefusedTokenException("it is longer than any token of ours");
    }
    try {
      JWTClaimsSet claims = processor().process(SignedJWT.parse(token), null);
      Identity identity =
          Identity.of(claims.getSubject())
              .orElseThrow(() -> new RefusedTokenException("its subject is no identity"));
      return new Proven(identity, claims.getExpirationTime().toInstant());
    } catch (ParseException | IllegalArgumentException e) {
      throw new RefusedTokenException("it is no signed JSON Web Token");
    } catch (BadJOSEException | JOSEException e) {
      throw new RefusedTokenException(String.valueOf(e.getMessage()));
    }
  }

  private DefaultJWTProcessor<SecurityContext> processor() throws ParseException {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            algorithm, new ImmutableJWKSet<>(JWKSet.parse(published.get()))));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<SecurityContext>(
            audience,
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            Set.of("sub", "exp", "iat", "jti")) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        });
    return processor;
  }
}
