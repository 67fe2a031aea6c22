package io.sagitta.service;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every exception of a resource with a problem; what is unexpected is logged with an id.
 */
final class ProblemMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);

  // Jersey injects a proxy of the current request.
  @Context
  @SuppressWarnings("NullAway.Init")
  private HttpServletRequest request;

  @Override
  public Response toResponse(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof ProblemException e) {
      return e.problem().response();
    } else if (cause instanceof WebApplicationException e) {
      return ofStatus(e);
    } else if (cause instanceof JsonProcessingException e) {
      return badJson(e).response();
    } else if (cause instanceof HttpException e && e.getCode() < 500) {
      return Problem.of(
              e.getCode(),
              "bad-request",
              "Bad request",
              Objects.requireNonNullElse(e.getReason(), "The request is not valid HTTP") + ".")
          .response();
    } else if (cause instanceof EofException) {
      return Problem.of(400, "truncated", "Truncated request", "The request ended too early.")
          .response();
    }
    return unexpected(cause, "request " + request.getMethod() + " " + request.getRequestURI())
        .response();
  }

  /** Logs {@code thrown} and returns what a client may know of it. */
  static Problem unexpected(Throwable thrown, String where) {
    String id = String.format("%08x", ThreadLocalRandom.current().nextInt());
    LOG.error("Failed id={} at {}", id, where.replaceAll("[\\p{Cntrl}]", "?"), thrown);
    return Problem.of(
            500,
            "internal",
            "Unexpected error",
            "This is a fault of ours. The service's log has more under id " + id + ".")
        .with("id", id);
  }

  private Response ofStatus(WebApplicationException e) {
    Response given = e.getResponse();
    int status = given.getStatus();
    if (status < 400) {
      return given;
    }
    Problem problem =
        switch (status) {
          case 404 ->
              Problem.of(404, "unknown-path", "Unknown path", "Nothing is at " + path() + ".");
          case 405 ->
              Problem.of(
                  405,
                  "wrong-method",
                  "Wrong method",
                  path()
                      + " does not take "
                      + request.getMethod()
                      + "; it takes "
                      + given.getAllowedMethods().stream()
                          .sorted()
                          .collect(Collectors.joining(", "))
                      + ".");
          case 406 ->
              Problem.of(
                  406,
                  "not-acceptable",
                  "Not acceptable",
                  path() + " cannot answer in what Accept asks for.");
          case 415 ->
              Problem.of(
                  415,
                  "wrong-content-type",
                  "Wrong content type",
                  path() + " does not take Content-Type " + request.getContentType() + ".");
          default ->
              Problem.of(
                  status,
                  "http-" + status,
                  given.getStatusInfo().getReasonPhrase(),
                  status < 500 && e.getMessage() != null
                      ? e.getMessage()
                      : given.getStatusInfo().getReasonPhrase());
        };
    Response.ResponseBuilder reply = Response.fromResponse(problem.response());
    String allow = given.getHeaderString(HttpHeaders.ALLOW);
    if (allow != null) {
      reply.header(HttpHeaders.ALLOW, allow);
    }
    return reply.build();
  }

  private String path() {
    return request.getRequestURI();
  }

  private static Problem badJson(JacksonException e) {
    String at =
        e.getLocation() == null
            ? ""
            : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
    String where =
        e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
            ? mapping.getPath().stream()
                    .map(
                        r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
                    .collect(Collectors.joining("."))
                + ": "
            : "";
    return Problem.of(
        400, "bad-json", "Bad JSON", "The body, " + at + ": " + where + e.getOriginalMessage());
  }
}
