package io.sagitta.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A refusal as RFC 9457 has it: what is wrong and how to mend it, as JSON.
 *
 * @param status the HTTP status
 * @param code names the kind of problem, for programs; part of {@code type}
 * @param title the kind of problem, for people
 * @param detail this very problem and how to mend it
 * @param retryAfter when asking again may help
 * @param more further members of the JSON object
 */
public record Problem(
    int status,
    String code,
    String title,
    String detail,
    Optional<Duration> retryAfter,
    Map<String, Object> more) {
  /** The media type of problems. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final int UNPROVEN = 401;
  private static final String CHALLENGE = "WWW-Authenticate";
  private static final String HOW_TO_PROVE = "Bearer realm=\"sagitta\"";
  private static final ObjectMapper JSON = JsonMapper.builder().addModule(new Jdk8Module()).build();

  public Problem {
    more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
  }

  /** Returns a problem without further members. */
  public static Problem of(int status, String code, String title, String detail) {
    return new Problem(status, code, title, detail, Optional.empty(), Map.of());
  }

  /** Returns this with one more member, which Jackson must be able to write. */
  public Problem with(String member, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(more);
    all.put(member, value);
    return new Problem(status, code, title, detail, retryAfter, all);
  }

  /** Returns this with advice to ask again after {@code delay}, at least a second. */
  public Problem retryAfter(Duration delay) {
    return new Problem(status, code, title, detail, Optional.of(delay), more);
  }

  /** Returns this to throw. */
  public ProblemException exception() {
    return new ProblemException(this);
  }

  /** Returns the JSON object. */
  public byte[] json() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "urn:sagitta:problem:" + code);
    members.put("title", title);
    members.put("status", status);
    members.put("detail", detail);
    members.putAll(more);
    try {
      return JSON.writeValueAsBytes(members);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A problem's members are not JSON", e);
    }
  }

  /** Returns the reply. */
  public Response response() {
    Response.ResponseBuilder builder =
        Response.status(status).type(MEDIA_TYPE).header("Cache-Control", "no-store").entity(json());
    retryAfter.ifPresent(d -> builder.header("Retry-After", Math.max(1, d.toSeconds())));
    if (status == UNPROVEN) {
      builder.header(CHALLENGE, HOW_TO_PROVE);
    }
    return builder.build();
  }

  /** Sends the reply from a filter, where Jersey does not. */
  public void send(HttpServletResponse response) throws IOException {
    response.setStatus(status);
    response.setContentType(MEDIA_TYPE);
    response.setHeader("Cache-Control", "no-store");
    retryAfter.ifPresent(
        d -> response.setHeader("Retry-After", Long.toString(Math.max(1, d.toSeconds()))));
    if (status == UNPROVEN) {
      response.setHeader(CHALLENGE, HOW_TO_PROVE);
    }
    response.getOutputStream().write(json());
  }
}
