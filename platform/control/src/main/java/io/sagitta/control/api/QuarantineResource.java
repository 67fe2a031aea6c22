package io.sagitta.control.api;

import io.sagitta.control.apply.Plans;
import io.sagitta.control.apply.Refusals;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.quarantine.Browser;
import io.sagitta.control.quarantine.QuarantineList;
import io.sagitta.control.quarantine.ReplayOrder;
import io.sagitta.control.quarantine.ReplayReport;
import io.sagitta.control.quarantine.Replays;
import io.sagitta.engine.Plan;
import io.sagitta.policy.Action;
import io.sagitta.policy.Resource;
import io.sagitta.service.Problem;
import io.sagitta.service.access.Allowed;
import io.sagitta.service.access.Visit;
import io.sagitta.transport.PipelineId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.util.Optional;

/** Rows in quarantine, and their way back. */
@Path("/api/v1/pipelines/{tenant}/{pipeline}/quarantine")
@Produces("application/json")
public final class QuarantineResource {
  private static final int MOST_ROWS = 1000;

  private final DesiredState desired;
  private final Plans plans;
  private final Browser browser;
  private final Replays replays;

  /** Creates one. */
  public QuarantineResource(DesiredState desired, Plans plans, Browser browser, Replays replays) {
    this.desired = desired;
    this.plans = plans;
    this.browser = browser;
    this.replays = replays;
  }

  /** Lists and counts rows in quarantine. */
  @GET
  @Allowed(action = "tap", to = "{tenant}/{pipeline}")
  public QuarantineList list(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      @QueryParam("reason") @DefaultValue("") String reason,
      @QueryParam("stage") @DefaultValue("") String stage,
      @QueryParam("limit") @DefaultValue("20") int limit,
      @QueryParam("after") @DefaultValue("") String after,
      @QueryParam("unmask") @DefaultValue("false") boolean unmask,
      @Context HttpServletRequest request)
      throws InterruptedException {
    if (limit < 0 || limit > MOST_ROWS) {
      throw Problem.of(
              400, "bad-bounds", "Bad bounds", "'limit' is within 0 and " + MOST_ROWS + ".")
          .exception();
    }
    PipelineId id = new PipelineId(tenant, pipeline);
    if (unmask) {
      Visit.of(request)
          .requireProven(Action.OnPipeline.UNMASK, new Resource.Pipeline(tenant, pipeline));
    }
    return browser.list(
        id, plan(id), new Browser.Query(given(reason), given(stage), limit, given(after), !unmask));
  }

  /** Sends rows back to the sources they came from. */
  @POST
  @Path("/replay")
  @Allowed(action = "replay", to = "{tenant}/{pipeline}")
  @Consumes("application/json")
  public ReplayReport replay(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      ReplayOrder body,
      @Context HttpServletRequest request)
      throws InterruptedException {
    PipelineId id = new PipelineId(tenant, pipeline);
    ReplayOrder order = Bodies.required(body);
    return replays.replay(id, plan(id), order.by(Visit.of(request).author(order.author())));
  }

  private static Optional<String> given(String parameter) {
    return Optional.of(parameter).filter(p -> !p.isEmpty());
  }

  private Plan plan(PipelineId id) {
    return plans
        .of(desired.get(id).orElseThrow(() -> Refusals.unknown(id)))
        .orElseThrow(Refusals::unplannable);
  }
}
