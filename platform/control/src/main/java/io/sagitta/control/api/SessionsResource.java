package io.sagitta.control.api;

import io.sagitta.control.security.SecurityParts;
import io.sagitta.service.access.Allowed;
import io.sagitta.service.access.Doorkeeper;
import io.sagitta.service.access.Sessions;
import io.sagitta.service.access.Visit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import java.util.Optional;

/** Other people's sessions, for an admin of the platform. */
@Path("/api/v1/sessions")
@Produces("application/json")
public final class SessionsResource {
  private final Optional<SecurityParts> parts;
  private final Doorkeeper keeper;

  /** Creates one. */
  public SessionsResource(Optional<SecurityParts> parts, Doorkeeper keeper) {
    this.parts = parts;
    this.keeper = keeper;
  }

  private Sessions sessions() {
    return SecurityParts.required(parts).logins().sessions();
  }

  /** Returns the sessions of a person. */
  @GET
  @Path("/{person}")
  @Allowed(action = "administer", to = "platform")
  public SessionList list(@PathParam("person") String person) {
    Sessions sessions = sessions();
    return new SessionList(
        person,
        sessions.of(person).stream().map(session -> SessionLine.of(session, sessions)).toList());
  }

  /** Ends the sessions of a person. */
  @DELETE
  @Path("/{person}")
  @Allowed(action = "administer", to = "platform")
  public SessionsEnded end(
      @PathParam("person") String person, @Context HttpServletRequest request) {
    keeper.record(Visit.of(request).caller(), "revoke", "sessions of " + person, "administer");
    return new SessionsEnded(person, sessions().endAll(person));
  }
}
