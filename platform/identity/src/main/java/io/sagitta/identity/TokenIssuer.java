package io.sagitta.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/**
 * Issues bearer tokens: signed JSON Web Tokens that say who somebody is ({@code sub}), where the
 * token is good for ({@code aud}), and until when.
 */
public final class TokenIssuer {
  /** What {@code iss} of the platform's tokens is. */
  public static final String PLATFORM = "sagitta";

  /** What {@code aud} of tokens for gateway and control is. */
  public static final String DOORS = "sagitta";

  /** What {@code aud} of tokens for Pulsar is. */
  public static final String PULSAR = "pulsar";

  private final TokenKeys keys;
  private final String issuer;
  private final Clock clock;

  /** Creates an issuer whose tokens name {@code issuer}, and are signed with the newest key. */
  public TokenIssuer(TokenKeys keys, String issuer, Clock clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * A token.
   *
   * @param text what is shown as the bearer; a secret
   * @param expires when it ends
   */
  public record Token(String text, Instant expires) {
    @Override
    public String toString() {
      return "token until " + expires;
    }
  }

  /** Returns a token for {@code identity} that is good for {@code audience} alone. */
  public Token issue(Identity identity, String audience, Duration lifetime) {
    Instant now = clock.instant();
    Instant expires = now.plus(lifetime);
    JWK key = keys.signing();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(keys.algorithm())
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build(),
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(identity.principal())
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(expires))
                .jwtID(UUID.randomUUID().toString())
                .build());
    try {
      JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(key, keys.algorithm());
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IdentityException("No token can be signed: " + e.getMessage(), e);
    }
    return new Token(token.serialize(), expires);
  }
}
