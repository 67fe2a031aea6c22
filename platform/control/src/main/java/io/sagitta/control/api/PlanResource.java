package io.sagitta.control.api;

import io.sagitta.control.apply.ApplyRequest;
import io.sagitta.control.apply.PlanReport;
import io.sagitta.control.apply.Planning;
import io.sagitta.policy.Action;
import io.sagitta.service.access.Allowed;
import io.sagitta.service.access.Visit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;

/** Says what applying a definition would do. */
@Path("/api/v1/plan")
@Consumes("application/json")
@Produces("application/json")
public final class PlanResource {
  private final Planning planning;

  /** Creates one. */
  public PlanResource(Planning planning) {
    this.planning = planning;
  }

  /** Says what applying a definition would change, and changes nothing. */
  @POST
  @Allowed(action = "plan", to = Allowed.BODY)
  public PlanReport plan(ApplyRequest body, @Context HttpServletRequest request) {
    return planning.plan(
        Named.by(Bodies.required(body), Action.OnPipeline.PLAN, Visit.of(request)));
  }
}
