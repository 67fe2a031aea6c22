package io.sagitta.control.api;

import io.sagitta.control.grants.GrantKeeper;
import io.sagitta.control.security.PolicyBook;
import io.sagitta.control.security.SecurityParts;
import io.sagitta.service.Problem;
import io.sagitta.service.access.Allowed;
import io.sagitta.service.access.Visit;
import io.sagitta.transport.PolicyRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import java.util.Optional;

/** The policy in force, what Pulsar grants, and how to change both. */
@Path("/api/v1/security")
@Produces("application/json")
public final class SecurityResource {
  private final Optional<SecurityParts> parts;
  private final Optional<GrantKeeper> grants;

  /**
   * Creates one.
   *
   * @param grants empty if Pulsar lets everybody in
   */
  public SecurityResource(Optional<SecurityParts> parts, Optional<GrantKeeper> grants) {
    this.parts = parts;
    this.grants = grants;
  }

  private PolicyBook book() {
    return SecurityParts.required(parts).book();
  }

  /** Returns the policy in force. */
  @GET
  @Path("/policy")
  @Allowed(action = "inspect", to = "platform")
  public PolicyText get() {
    return PolicyText.of(
        book()
            .current()
            .orElseThrow(
                () ->
                    Problem.of(404, "no-policy", "No policy", "No policy is in force.")
                        .exception()));
  }

  /** Puts a policy in force in place of the one that is. */
  @POST
  @Path("/policy")
  @Consumes("application/json")
  @Allowed(action = "administer", to = "platform")
  public PolicyText apply(PolicyOrder body, @Context HttpServletRequest request) {
    PolicyOrder order = Bodies.required(body);
    return PolicyText.of(book().apply(order.files(), Visit.of(request).author(order.author())));
  }

  /** Returns how what Pulsar grants differs from what follows from the policy and what runs. */
  @GET
  @Path("/grants")
  @Allowed(action = "inspect", to = "platform")
  public GrantReport drift() {
    return GrantReport.of(grants.map(GrantKeeper::drift));
  }

  /** Makes Pulsar grant what it should, and returns what was different. */
  @POST
  @Path("/grants")
  @Allowed(action = "administer", to = "platform")
  public GrantReport mend() {
    return GrantReport.of(grants.map(GrantKeeper::mend));
  }

  /** Makes a new key for tokens; those of the old one hold for as long as the policy says. */
  @POST
  @Path("/keys/rotate")
  @Allowed(action = "administer", to = "platform")
  public PolicyText rotate() {
    PolicyRecord record = book().rotate();
    return PolicyText.of(record);
  }
}
