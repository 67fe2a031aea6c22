package io.sagitta.control.api;

import io.sagitta.control.login.LoginDesk;
import io.sagitta.control.security.SecurityParts;
import io.sagitta.identity.Identity;
import io.sagitta.service.Problem;
import io.sagitta.service.access.Caller;
import io.sagitta.service.access.Doorkeeper;
import io.sagitta.service.access.Everybody;
import io.sagitta.service.access.Known;
import io.sagitta.service.access.Presented;
import io.sagitta.service.access.Sessions;
import io.sagitta.service.access.Visit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** A person's own session: how to begin one, who one is, and how to end it. */
@Path("/api/v1/session")
@Produces("application/json")
public final class SessionResource {
  private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Strict";

  private final Optional<SecurityParts> parts;
  private final Doorkeeper keeper;

  /** Creates one. */
  public SessionResource(Optional<SecurityParts> parts, Doorkeeper keeper) {
    this.parts = parts;
    this.keeper = keeper;
  }

  private LoginDesk desk() {
    return SecurityParts.required(parts).logins();
  }

  /** Begins a session, for a name and a password. */
  @POST
  @Consumes("application/json")
  @SmallBody
  @Everybody(because = "It is how people prove who they are")
  public Response begin(LoginOrder body, @Context HttpServletRequest request) {
    LoginOrder order = Bodies.required(body);
    Caller caller = Visit.of(request).caller();
    Sessions.Begun begun =
        desk().withPassword(caller, request.getRemoteAddr(), order.name(), order.password());
    endOwn(request);
    return begun(begun, desk().sessions());
  }

  /** Returns the answer that gives a browser its session. */
  static Response begun(Sessions.Begun begun, Sessions sessions) {
    return Response.ok(
            new SessionView(
                begun.session().person().principal(),
                Presented.SESSION,
                sessions.end(begun.session()).toString()))
        .header(HttpHeaders.SET_COOKIE, cookie(begun))
        .build();
  }

  /** Returns the header that gives a browser its session; it forgets it when it is closed. */
  static String cookie(Sessions.Begun begun) {
    return Presented.COOKIE + "=" + begun.id() + ATTRIBUTES;
  }

  /** Returns who the caller is. */
  @GET
  @Known
  public SessionView get(@Context HttpServletRequest request) {
    SecurityParts.required(parts);
    Caller caller = Visit.of(request).caller();
    return new SessionView(
        caller.identity().map(Identity::principal).orElse(""),
        caller.proof(),
        caller.until().toString());
  }

  /** Ends the caller's session. */
  @DELETE
  @Known
  public Response end(@Context HttpServletRequest request) {
    SecurityParts.required(parts);
    Caller caller = Visit.of(request).caller();
    if (!caller.proof().equals(Presented.SESSION)) {
      throw Problem.of(
              404,
              "no-session",
              "No session",
              "This was proven by a %s, which is no session to end.".formatted(caller.proof()))
          .exception();
    }
    endOwn(request);
    keeper.record(caller, "logout", "session", "own session");
    return Response.noContent()
        .header(HttpHeaders.SET_COOKIE, Presented.COOKIE + "=" + ATTRIBUTES + "; Max-Age=0")
        .build();
  }

  /** Ends what the browser had: an id that was known before a login is worth nothing after it. */
  private void endOwn(HttpServletRequest request) {
    Presented.cookies(request, Presented.COOKIE).forEach(desk().sessions()::end);
  }
}
