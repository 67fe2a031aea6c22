package io.sagitta.gateway.streams;

import io.sagitta.engine.RowMemory;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.gateway.catalog.Catalog;
import io.sagitta.gateway.catalog.Pipeline;
import io.sagitta.service.Problem;
import io.sagitta.service.access.Allowed;
import io.sagitta.service.access.Visit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * {@code GET /v1/streams/{tenant}/{pipeline}/{stream}} describes a published stream, {@code
 * …/latest} gives the latest row of each key, {@code …/rows} rows from a cursor on, waiting for new
 * ones if asked to.
 */
@Path("/v1/streams/{tenant}/{pipeline}/{stream}")
public final class StreamResource {
  static final String CURSOR = "Sagitta-Cursor";
  static final String MORE = "Sagitta-More";

  /** A reply holds about this much at most, whatever the limit on rows. */
  private static final long MAX_REPLY_BYTES = 8 << 20;

  private static final List<String> ROWS_PARAMETERS =
      List.of("from", "to", "limit", "cursor", "wait");
  private static final List<String> LATEST_PARAMETERS = List.of("limit");

  private final Catalog catalog;
  private final Scans scans;
  private final LatestViews views;
  private final StreamMetrics metrics;

  StreamResource(Catalog catalog, Scans scans, LatestViews views, StreamMetrics metrics) {
    this.catalog = catalog;
    this.scans = scans;
    this.views = views;
    this.metrics = metrics;
  }

  /** Describes the stream. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @Allowed(action = "read", to = "{tenant}/{pipeline}/{stream}")
  public Map<String, Object> describe(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      @PathParam("stream") String name,
      @Context HttpServletRequest request) {
    return description(find(catalog, tenant, pipeline, name, Visit.of(request)));
  }

  /** Gives the latest row of each key. */
  @GET
  @Path("/latest")
  @Allowed(action = "read", to = "{tenant}/{pipeline}/{stream}")
  public void latest(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      @PathParam("stream") String name,
      @Context HttpServletRequest request,
      @Context HttpHeaders headers,
      @Context UriInfo uri,
      @Suspended AsyncResponse response) {
    StreamRef stream = find(catalog, tenant, pipeline, name, Visit.of(request));
    RowFormat format = Rendering.format(headers.getAcceptableMediaTypes());
    Query query = Query.of(uri.getQueryParameters(), stream, LATEST_PARAMETERS);
    if (stream.declared().key().isEmpty()) {
      throw Problem.of(
              400,
              "no-key",
              "Stream without key",
              "Stream '%s' declares no key, so there is no latest row by key. Read its rows instead: %s/rows"
                  .formatted(name, stream.path()))
          .exception();
    }
    answer(
        response,
        views
            .read(stream, query.filter(), query.limit())
            .thenApply(rows -> rendered(stream, format, rows)));
  }

  private Response rendered(StreamRef stream, RowFormat format, List<VectorSchemaRoot> rows) {
    try {
      Optional<Schema> schema =
          rows.isEmpty() ? stream.schema() : Optional.of(rows.get(rows.size() - 1).getSchema());
      List<VectorSchemaRoot> alike = Conform.all(rows, schema);
      metrics.served(stream, alike);
      return Response.ok(Rendering.body(format, schema, alike, ""), format.mediaType())
          .header("Cache-Control", "no-store")
          .build();
    } finally {
      rows.forEach(VectorSchemaRoot::close);
    }
  }

  /** Gives rows from a cursor on. */
  @GET
  @Path("/rows")
  @Allowed(action = "read", to = "{tenant}/{pipeline}/{stream}")
  public void rows(
      @PathParam("tenant") String tenant,
      @PathParam("pipeline") String pipeline,
      @PathParam("stream") String name,
      @Context HttpServletRequest request,
      @Context HttpHeaders headers,
      @Context UriInfo uri,
      @Suspended AsyncResponse response) {
    StreamRef stream = find(catalog, tenant, pipeline, name, Visit.of(request));
    RowFormat format = Rendering.format(headers.getAcceptableMediaTypes());
    Query query = Query.of(uri.getQueryParameters(), stream, ROWS_PARAMETERS);
    StreamScan.Wish wish =
        new StreamScan.Wish(query.filter(), query.limit(), MAX_REPLY_BYTES, query.patience());
    answer(
        response,
        scans
            .open(stream, query.cursor())
            .thenCompose(
                scan ->
                    scan.next(wish)
                        .thenApply(chunk -> rendered(stream, format, scan, chunk))
                        .whenComplete(
                            (reply, e) -> {
                              if (e != null) {
                                scans.close(scan);
                              }
                            })));
  }

  private Response rendered(StreamRef stream, RowFormat format, StreamScan scan, Chunk chunk) {
    try (chunk) {
      Optional<Schema> schema =
          chunk.batches().isEmpty()
              ? stream.schema()
              : Optional.of(chunk.batches().get(0).getSchema());
      String cursor = chunk.cursor().text(stream.id());
      String tail = ",\"cursor\":\"%s\",\"more\":%b".formatted(cursor, chunk.more());
      byte[] body = Rendering.body(format, schema, chunk.batches(), tail);
      metrics.served(stream, chunk.batches());
      scans.park(stream, cursor, scan);
      return Response.ok(body, format.mediaType())
          .header(CURSOR, cursor)
          .header(MORE, chunk.more())
          .header("Cache-Control", "no-store")
          .build();
    }
  }

  /** Returns a stream, or throws a 404 problem that names what there is. */
  static StreamRef find(Catalog catalog, String tenant, String name, String stream, Visit visit) {
    Pipeline pipeline = catalog.pipeline(tenant, name, visit);
    return new StreamRef(pipeline, stream, pipeline.stream(stream, visit));
  }

  private static Map<String, Object> description(StreamRef stream) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("tenant", stream.pipeline().id().tenant());
    description.put("pipeline", stream.pipeline().id().name());
    description.put("stream", stream.name());
    description.put("revision", stream.pipeline().revision());
    stream
        .version()
        .ifPresent(
            version -> {
              description.put("version", version.version());
              description.put("readableSince", version.readableSince());
            });
    description.put("key", stream.declared().key());
    description.put("retain", stream.declared().retain().toString());
    description.put("partitions", stream.partitions());
    description.put("topic", stream.topic());
    List<Map<String, String>> columns = new ArrayList<>();
    stream.schema().ifPresent(s -> s.getFields().forEach(field -> columns.add(column(field))));
    description.put("columns", columns);
    description.put(
        "links",
        Map.of(
            "latest", stream.path() + "/latest",
            "rows", stream.path() + "/rows",
            "ws", stream.path() + "/ws"));
    return description;
  }

  private static Map<String, String> column(Field field) {
    Map<String, String> column = new LinkedHashMap<>();
    column.put("name", field.getName());
    column.put("type", field.getType().toString());
    String unit = field.getMetadata().get(WireSchemas.UNIT);
    if (unit != null) {
      column.put("unit", unit);
    }
    return column;
  }

  private static void answer(AsyncResponse response, CompletableFuture<Response> reply) {
    var unused =
        reply.whenComplete(
            (done, e) -> {
              if (e == null) {
                response.resume(done);
              } else {
                response.resume(asAnswer(e));
              }
            });
  }

  /** Returns what a client is told of a failure. */
  static Throwable asAnswer(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (RowMemory.isSpent(cause)) {
      return Problem.of(
              503,
              "busy",
              "Too much under way",
              "The memory for rows on their way out is used up. Ask again, for fewer rows.")
          .retryAfter(java.time.Duration.ofSeconds(1))
          .exception();
    } else if (cause instanceof io.sagitta.transport.TransportException) {
      return Problem.of(
              503, "not-readable", "Not readable", "Pulsar did not answer: " + cause.getMessage())
          .retryAfter(java.time.Duration.ofSeconds(2))
          .exception();
    }
    return cause;
  }
}
