package io.sagitta.control.api;

import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.security.SecurityParts;
import io.sagitta.control.security.TokenDesk;
import io.sagitta.identity.Identity;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.service.Problem;
import io.sagitta.service.access.Caller;
import io.sagitta.service.access.Doorkeeper;
import io.sagitta.service.access.Everybody;
import io.sagitta.service.access.Known;
import io.sagitta.service.access.Machines;
import io.sagitta.service.access.Presented;
import io.sagitta.service.access.Visit;
import io.sagitta.transport.PipelineId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Hands out tokens, and the keys that verify them. */
@Path("/api/v1/tokens")
@Produces("application/json")
public final class TokenResource {
  private static final int MOST_PIPELINES = 10_000;

  private final Optional<SecurityParts> parts;
  private final DesiredState desired;
  private final Doorkeeper keeper;

  /** Creates one. */
  public TokenResource(Optional<SecurityParts> parts, DesiredState desired, Doorkeeper keeper) {
    this.parts = parts;
    this.desired = desired;
    this.keeper = keeper;
  }

  private TokenDesk desk() {
    return SecurityParts.required(parts).desk();
  }

  /** Returns the public keys that verify tokens, as a JSON Web Key Set. */
  @GET
  @Path("/keys")
  @Everybody(because = "Public keys are for whoever verifies a token")
  public String keys() {
    return desk().published();
  }

  /** Gives a person or service a token in exchange for their certificate. */
  @POST
  @Known
  public IssuedToken own(@Context HttpServletRequest request) {
    SecurityParts.required(parts);
    Caller caller = Visit.of(request).caller();
    // Else a token that was stolen once would give new ones without end.
    if (!caller.proof().equals(Presented.CERTIFICATE)) {
      throw Problem.of(
              403,
              "needs-certificate",
              "A certificate is needed",
              "A token is given for a client certificate alone, not for another token.")
          .exception();
    }
    Identity identity = caller.identity().orElseThrow();
    keeper.record(caller, "login", "token for " + TokenIssuer.DOORS, "own certificate");
    return issued(identity, TokenIssuer.DOORS);
  }

  /** Gives a node the tokens of pipelines that are applied, to show to Pulsar. */
  @POST
  @Path("/pipelines")
  @Consumes("application/json")
  @Machines(Identity.Machine.NODE)
  public PipelineTokens ofPipelines(PipelineTokenOrder body) {
    PipelineTokenOrder order = Bodies.required(body);
    if (order.pipelines().size() > MOST_PIPELINES) {
      throw Problem.of(
              413, "too-many", "Too many pipelines", "Ask for " + MOST_PIPELINES + " at most.")
          .exception();
    }
    List<IssuedToken> tokens = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String name : order.pipelines()) {
      boolean there = name.matches("[a-z0-9-]+/[a-z0-9-]+");
      if (there && desired.get(PipelineId.parse(name)).isPresent()) {
        PipelineId id = PipelineId.parse(name);
        tokens.add(issued(new Identity.Pipeline(id.tenant(), id.name()), TokenIssuer.PULSAR));
      } else {
        unknown.add(name);
      }
    }
    return new PipelineTokens(tokens, unknown);
  }

  private IssuedToken issued(Identity identity, String audience) {
    TokenIssuer.Token token = desk().issue(identity, audience);
    return new IssuedToken(
        identity.principal(),
        audience,
        token.text(),
        token.expires().toString(),
        token.expires().minus(desk().times().renewBefore()).toString());
  }
}
