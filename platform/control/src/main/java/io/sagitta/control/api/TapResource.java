package io.sagitta.control.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.control.apply.Plans;
import io.sagitta.control.apply.Refusals;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.tap.Taps;
import io.sagitta.engine.Plan;
import io.sagitta.policy.Action;
import io.sagitta.policy.Resource;
import io.sagitta.service.Problem;
import io.sagitta.service.access.Allowed;
import io.sagitta.service.access.Visit;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Samples of rows, as JSON lines that come as the rows do. */
@Path("/api/v1/pipelines/{tenant}/{pipeline}/tap")
public final class TapResource {
  private static final Logger LOG = LoggerFactory.getLogger(TapResource.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_ROWS = 10_000;
  private static final int MOST_SECONDS = 300;

  private final DesiredState desired;
  private final Plans plans;
  private final Taps taps;

  /** Creates one. */
  public TapResource(DesiredState desired, Plans plans, Taps taps) {
    this.desired = desired;
    this.plans = plans;
    this.taps = taps;
  }

  /** Takes a sample. Empty lines only say that the connection lives. */
  @POST
  @Consumes("application/json")
  @Produces("application/x-ndjson")
  @Allowed(action = "tap", to = "{tenant}/{pipeline}")
  public Response tap(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      TapOrder body,
      @Context HttpServletRequest request) {
    TapOrder order = checked(Bodies.required(body));
    if (order.unmask()) {
      Visit.of(request)
          .requireProven(Action.OnPipeline.UNMASK, new Resource.Pipeline(tenant, pipeline));
    }
    PipelineId id = new PipelineId(tenant, pipeline);
    Deployment deployment = desired.get(id).orElseThrow(() -> Refusals.unknown(id));
    Plan plan = plans.of(deployment).orElseThrow(Refusals::unplannable);
    Taps.Sample sample =
        taps.open(
            id,
            plan,
            order.of(),
            order.rows(),
            Duration.ofSeconds(order.seconds()),
            !order.unmask());
    StreamingOutput output = out -> write(sample, out);
    return Response.ok(output).header("Cache-Control", "no-store").build();
  }

  private static TapOrder checked(TapOrder order) {
    if (order.rows() < 1
        || order.rows() > MOST_ROWS
        || order.seconds() < 1
        || order.seconds() > MOST_SECONDS) {
      throw Problem.of(
              400,
              "bad-bounds",
              "Bad bounds",
              "'rows' is within 1 and "
                  + MOST_ROWS
                  + ", 'seconds' within 1 and "
                  + MOST_SECONDS
                  + ".")
          .exception();
    }
    return order;
  }

  private static void write(Taps.Sample sample, OutputStream out) throws IOException {
    Taps.Lines lines =
        new Taps.Lines() {
          @Override
          public void line(byte[] json) throws IOException {
            out.write(json);
            nothingYet();
          }

          @Override
          public void nothingYet() throws IOException {
            out.write('\n');
            out.flush();
          }
        };
    try (sample) {
      lines.nothingYet();
      sample.write(lines);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("A sample broke off", e);
      lines.line(
          JSON.writeValueAsString(Map.of("__problem", "The sample broke off: " + e.getMessage()))
              .getBytes(StandardCharsets.UTF_8));
    }
  }
}
