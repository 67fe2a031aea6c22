package io.sagitta.control.api;

import io.sagitta.control.apply.Applied;
import io.sagitta.control.apply.Applier;
import io.sagitta.control.apply.ApplyRequest;
import io.sagitta.control.apply.Refusals;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.events.EventTail;
import io.sagitta.control.status.PipelineStatus;
import io.sagitta.control.status.StatusReader;
import io.sagitta.policy.Action;
import io.sagitta.policy.Resource;
import io.sagitta.service.Problem;
import io.sagitta.service.access.Allowed;
import io.sagitta.service.access.Visit;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Position;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/** What runs, and how to steer it. */
@Path("/api/v1/pipelines")
@Produces("application/json")
public final class PipelineResource {
  private static final int MOST_WAIT_SECONDS = 30;
  private static final Position START = new Position(-1, -1);

  private final DesiredState desired;
  private final StatusReader statuses;
  private final EventTail events;
  private final Applier applier;
  // Each waiting request holds one of the server's threads.
  private final Semaphore waiting = new Semaphore(32);

  /** Creates one. */
  public PipelineResource(
      DesiredState desired, StatusReader statuses, EventTail events, Applier applier) {
    this.desired = desired;
    this.statuses = statuses;
    this.events = events;
    this.applier = applier;
  }

  /** Returns all pipelines. */
  @GET
  @Allowed(action = "view", to = Allowed.EACH)
  public PipelineList list(@Context HttpServletRequest request) {
    return new PipelineList(
        Visit.of(request)
            .each(
                desired.all(),
                Action.OnPipeline.VIEW,
                d -> new Resource.Pipeline(d.tenant(), d.pipeline()))
            .stream()
            .map(d -> statuses.status(d).summary())
            .toList());
  }

  /** Makes a definition the revision that shall run. */
  @POST
  @Consumes("application/json")
  @Allowed(action = "apply", to = Allowed.BODY)
  public Applied apply(ApplyRequest body, @Context HttpServletRequest request)
      throws InterruptedException {
    return applier.apply(
        Named.by(Bodies.required(body), Action.OnPipeline.APPLY, Visit.of(request)));
  }

  /** Returns one pipeline with its definition. */
  @GET
  @Path("/{tenant}/{pipeline}")
  @Allowed(action = "view", to = "{tenant}/{pipeline}")
  public PipelineDetail get(
      @PathParam("tenant") String tenant, @PathParam("pipeline") String pipeline) {
    Deployment deployment = deployment(tenant, pipeline);
    return new PipelineDetail(
        deployment.definition(),
        deployment.env(),
        deployment.tables(),
        statuses.status(deployment));
  }

  /** Returns how one pipeline runs. */
  @GET
  @Path("/{tenant}/{pipeline}/status")
  @Allowed(action = "view", to = "{tenant}/{pipeline}")
  public PipelineStatus status(
      @PathParam("tenant") String tenant, @PathParam("pipeline") String pipeline) {
    return statuses.status(deployment(tenant, pipeline));
  }

  /** Returns what happened to one pipeline behind {@code after}; waits if nothing did. */
  @GET
  @Path("/{tenant}/{pipeline}/events")
  @Allowed(action = "view", to = "{tenant}/{pipeline}")
  public EventList events(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      @QueryParam("after") @DefaultValue("") String after,
      @QueryParam("wait") @DefaultValue("0") int waitSeconds)
      throws InterruptedException {
    PipelineId id = new PipelineId(tenant, pipeline);
    Position from = position(after);
    List<EventTail.Entry> entries = waitFor(id, from, waitSeconds);
    if (entries.isEmpty()) {
      deployment(tenant, pipeline);
    }
    Position next = entries.isEmpty() ? from : entries.get(entries.size() - 1).place();
    return new EventList(entries.stream().map(EventTail.Entry::event).toList(), next.toString());
  }

  private List<EventTail.Entry> waitFor(PipelineId id, Position after, int waitSeconds)
      throws InterruptedException {
    int seconds = Math.max(0, Math.min(waitSeconds, MOST_WAIT_SECONDS));
    if (seconds == 0) {
      return events.after(id, after, Duration.ZERO);
    }
    if (!waiting.tryAcquire()) {
      throw Problem.of(
              429, "too-many-waiting", "Too many wait", "Others wait already; try again soon.")
          .retryAfter(Duration.ofSeconds(5))
          .exception();
    }
    try {
      return events.after(id, after, Duration.ofSeconds(seconds));
    } finally {
      waiting.release();
    }
  }

  private static Position position(String after) {
    if (after.isEmpty()) {
      return START;
    }
    try {
      return Position.parse(after);
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              400, "bad-position", "Bad position", "'after' is what an answer called 'next'.")
          .exception();
    }
  }

  /** Stops one pipeline, losing nothing. */
  @POST
  @Path("/{tenant}/{pipeline}/pause")
  @Allowed(action = "pause", to = "{tenant}/{pipeline}")
  public DesiredChange pause(
      @PathParam("tenant") String tenant, @PathParam("pipeline") String pipeline)
      throws InterruptedException {
    return DesiredChange.of(
        applier.setDesired(new PipelineId(tenant, pipeline), Deployment.Desired.PAUSED));
  }

  /** Lets one pipeline go on. */
  @POST
  @Path("/{tenant}/{pipeline}/resume")
  @Allowed(action = "pause", to = "{tenant}/{pipeline}")
  public DesiredChange resume(
      @PathParam("tenant") String tenant, @PathParam("pipeline") String pipeline)
      throws InterruptedException {
    return DesiredChange.of(
        applier.setDesired(new PipelineId(tenant, pipeline), Deployment.Desired.RUNNING));
  }

  /** Makes what an earlier revision of one pipeline was the next one. */
  @POST
  @Path("/{tenant}/{pipeline}/rollback")
  @Allowed(action = "rollback", to = "{tenant}/{pipeline}")
  @Consumes("application/json")
  public Applied rollback(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      RollbackOrder order,
      @Context HttpServletRequest request)
      throws InterruptedException {
    RollbackOrder wanted = Bodies.required(order);
    return applier.rollback(
        new PipelineId(tenant, pipeline), wanted.to(), Visit.of(request).author(wanted.author()));
  }

  /** Stops one pipeline and deletes its topics. */
  @DELETE
  @Path("/{tenant}/{pipeline}")
  @Allowed(action = "delete", to = "{tenant}/{pipeline}")
  public DesiredChange delete(
      @PathParam("tenant") String tenant, @PathParam("pipeline") String pipeline)
      throws InterruptedException {
    Deployment deployment = deployment(tenant, pipeline);
    applier.delete(deployment.id());
    return new DesiredChange(tenant, pipeline, deployment.revision(), "DELETED");
  }

  private Deployment deployment(String tenant, String pipeline) {
    PipelineId id = new PipelineId(tenant, pipeline);
    return desired.get(id).orElseThrow(() -> Refusals.unknown(id));
  }
}
