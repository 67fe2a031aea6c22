package io.sagitta.control.api;

import io.sagitta.control.apply.ApplyRequest;
import io.sagitta.control.apply.PlanReport;
import io.sagitta.control.apply.Planning;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

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
  public PlanReport plan(ApplyRequest request) {
    return planning.plan(Bodies.required(request));
  }
}
