package io.sagitta.gateway.ingest;

import io.sagitta.definition.HttpSource;
import io.sagitta.engine.codec.BadDataException;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.gateway.catalog.Catalog;
import io.sagitta.gateway.catalog.Pipeline;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.service.access.Allowed;
import io.sagitta.service.access.Visit;
import io.sagitta.transport.Backpressure;
import io.sagitta.transport.StorageHold;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/sources/{tenant}/{pipeline}/{source}} takes rows as JSON, CSV or Arrow, and
 * answers once Pulsar has them; {@code …/end} says that no more will come.
 */
@Path("/v1/sources/{tenant}/{pipeline}/{source}")
public final class SourceResource {
  private static final String PRODUCER = "Sagitta-Producer";
  private static final String SEQUENCE = "Sagitta-Sequence";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final long MAX_SEQUENCE = 1L << 46;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration FULL_RETRY = Duration.ofSeconds(10);

  private final Catalog catalog;
  private final BodySlots slots;
  private final BodyReader bodies;
  private final MemoryBudget budget;
  private final Ingest ingest;
  private final TenantRates rates;
  private final IngestMetrics metrics;

  SourceResource(
      Catalog catalog,
      BodySlots slots,
      BodyReader bodies,
      MemoryBudget budget,
      Ingest ingest,
      TenantRates rates,
      IngestMetrics metrics) {
    this.catalog = catalog;
    this.slots = slots;
    this.bodies = bodies;
    this.budget = budget;
    this.ingest = ingest;
    this.rates = rates;
    this.metrics = metrics;
  }

  /** Takes rows. */
  @POST
  @Allowed(action = "write", to = "{tenant}/{pipeline}/{source}")
  public void post(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      @PathParam("source") String source,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse response)
      throws IOException {
    BodySlots.Slot slot = slots.open(tenant);
    try {
      Ingest.Target target = target(tenant, pipeline, source, Visit.of(request));
      refuseIfHeld(target);
      refuseIfFull(tenant);
      rates.refuseIfSpent(tenant);
      take(target, request, response);
    } catch (ProblemException e) {
      bodies.discard(request);
      throw e;
    } finally {
      slot.close();
    }
  }

  private void refuseIfHeld(Ingest.Target target) {
    Optional<Backpressure> held = catalog.backpressure(target.pipeline().id());
    if (held.isPresent()) {
      throw Problem.of(
              429,
              "backpressure",
              "The pipeline is behind",
              ("%,d MiB wait for the tasks of %s, more than the %,d MiB that may. What was accepted"
                      + " is safe; send this request again later.")
                  .formatted(
                      held.get().backlogBytes() >> 20,
                      target.pipeline().id(),
                      held.get().limitBytes() >> 20))
          .retryAfter(RETRY)
          .exception();
    }
  }

  private void refuseIfFull(String tenant) {
    Optional<StorageHold> hold = catalog.storageHold(tenant);
    if (hold.isPresent()) {
      throw Problem.of(
              429,
              "storage-quota",
              "The tenant's storage is full",
              ("The topics of tenant %s keep %,d MiB, more than the %,d MiB of quota.storage in the"
                      + " policy. What was accepted is safe; send this request again later.")
                  .formatted(tenant, hold.get().bytes() >> 20, hold.get().limitBytes() >> 20))
          .retryAfter(FULL_RETRY)
          .exception();
    }
  }

  private void take(Ingest.Target target, HttpServletRequest request, AsyncResponse response)
      throws IOException {
    RowFormat format = format(request);
    Optional<Ingest.Numbered> numbered = numbered(request);
    MemoryBudget.Share share = budget.open(target.topic());
    CompletableFuture<Ingest.Outcome> outcome;
    try {
      ByteBuffer body = bodies.read(request, share);
      metrics.received(target, body.remaining());
      outcome =
          numbered.isPresent()
              ? ingest.take(target, format, body, share, numbered.get())
              : ingest.take(target, format, body, share);
    } catch (BadDataException e) {
      share.close();
      throw badBody(e).exception();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      share.close();
      throw e;
    }
    // The share is held until Pulsar has answered, even if the client is told earlier.
    answer(
        response,
        outcome
            .whenComplete((o, e) -> share.close())
            .thenApply(
                o -> {
                  metrics.taken(target, o);
                  rates.charge(target.pipeline().id().tenant(), o.accepted() + o.rejected());
                  return reply(o);
                }));
  }

  /** Ends the input. */
  @POST
  @Path("/end")
  @Allowed(action = "write", to = "{tenant}/{pipeline}/{source}")
  public void end(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      @PathParam("source") String source,
      @Context HttpServletRequest request,
      @Suspended AsyncResponse response) {
    Ingest.Target target = target(tenant, pipeline, source, Visit.of(request));
    answer(response, ingest.end(target).thenApply(done -> ended(target)));
  }

  private static Map<String, Object> ended(Ingest.Target target) {
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("ended", true);
    reply.put("partitions", target.partitions());
    return reply;
  }

  private Ingest.Target target(String tenant, String name, String source, Visit visit) {
    Pipeline pipeline = catalog.pipeline(tenant, name, visit);
    HttpSource declared = pipeline.source(source, visit);
    return new Ingest.Target(pipeline, source, declared);
  }

  private static RowFormat format(HttpServletRequest request) {
    String type = Objects.requireNonNullElse(request.getContentType(), "");
    return RowFormat.ofMediaType(type)
        .orElseThrow(
            () ->
                Problem.of(
                        415,
                        "wrong-content-type",
                        "Wrong content type",
                        "Content-Type '%s' is not taken. Send application/x-ndjson,".formatted(type)
                            + " application/json, text/csv or application/vnd.apache.arrow.stream.")
                    .exception());
  }

  private static Optional<Ingest.Numbered> numbered(HttpServletRequest request) {
    String name = request.getHeader(PRODUCER);
    String sequence = request.getHeader(SEQUENCE);
    if (name == null && sequence == null) {
      return Optional.empty();
    } else if (name == null || sequence == null) {
      throw badHeader(
          "%s and %s come together: the one names the client, the other numbers its requests from 1."
              .formatted(PRODUCER, SEQUENCE));
    } else if (!NAME.matcher(name).matches()) {
      throw badHeader("%s is 1 to 100 of A-Z a-z 0-9 . _ -".formatted(PRODUCER));
    }
    try {
      long number = Long.parseLong(sequence);
      if (number >= 1 && number < MAX_SEQUENCE) {
        return Optional.of(new Ingest.Numbered(name, number));
      }
    } catch (NumberFormatException e) {
      // Refused below, with what is too small or too large.
    }
    throw badHeader("%s is a whole number from 1 to 2^46.".formatted(SEQUENCE));
  }

  private static ProblemException badHeader(String detail) {
    return Problem.of(400, "bad-header", "Bad header", detail).exception();
  }

  private static Problem badBody(BadDataException e) {
    return Problem.of(
        400, "bad-body", "Bad body", Objects.requireNonNullElse(e.getMessage(), "Unreadable."));
  }

  private static Map<String, Object> reply(Ingest.Outcome outcome) {
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("accepted", outcome.accepted());
    reply.put("rejected", outcome.rejected());
    reply.put("duplicate", outcome.duplicate());
    if (!outcome.reasons().isEmpty()) {
      reply.put("reasons", outcome.reasons());
    }
    if (!outcome.ignored().isEmpty()) {
      reply.put("ignored", outcome.ignored());
    }
    return reply;
  }

  private static void answer(
      AsyncResponse response, CompletableFuture<? extends Map<String, ?>> reply) {
    response.setTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    response.setTimeoutHandler(r -> r.resume(unconfirmed()));
    var unused = reply.whenComplete((entity, e) -> resume(response, entity, e));
  }

  private static void resume(
      AsyncResponse response, @Nullable Map<String, ?> entity, @Nullable Throwable failure) {
    if (failure == null) {
      response.resume(Response.ok(entity, MediaType.APPLICATION_JSON_TYPE).build());
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    response.resume(cause instanceof BadDataException bad ? badBody(bad).exception() : cause);
  }

  private static Throwable unconfirmed() {
    return Problem.of(
            503,
            "not-confirmed",
            "Not confirmed",
            "Pulsar did not confirm the rows within %d s. They may be stored or not: send the"
                    .formatted(PATIENCE.toSeconds())
                + " request again; under a producer's name and number that is safe.")
        .retryAfter(RETRY)
        .exception();
  }
}
