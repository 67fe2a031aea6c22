package io.sagitta.control.security;

import io.sagitta.identity.Identity;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenKeys;
import io.sagitta.policy.Transport;
import io.sagitta.service.Problem;
import io.sagitta.service.access.PolicyInForce;
import java.time.Clock;

/** Issues tokens, for as long as the policy in force says. */
public final class TokenDesk {
  private final TokenIssuer issuer;
  private final TokenKeys keys;
  private final PolicyInForce policy;

  /** Creates one that signs with {@code keys}. */
  public TokenDesk(TokenKeys keys, PolicyInForce policy, Clock clock) {
    this.issuer = new TokenIssuer(keys, TokenIssuer.PLATFORM, clock);
    this.keys = keys;
    this.policy = policy;
  }

  /** Returns a token for {@code identity} that is good for {@code audience} alone. */
  public TokenIssuer.Token issue(Identity identity, String audience) {
    return issuer.issue(identity, audience, times().lifetime());
  }

  /** Returns how long tokens hold, and when to take a new one. */
  public Transport.Tokens times() {
    return policy
        .current()
        .orElseThrow(
            () ->
                Problem.of(503, "not-ready", "Not ready", "No policy is in force yet.").exception())
        .transport()
        .tokens();
  }

  /** Returns the JSON Web Key Set that verifies. */
  public String published() {
    return keys.published();
  }
}
