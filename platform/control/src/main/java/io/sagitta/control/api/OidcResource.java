package io.sagitta.control.api;

import io.sagitta.control.login.OidcLogins;
import io.sagitta.control.security.SecurityParts;
import io.sagitta.service.Problem;
import io.sagitta.service.access.Everybody;
import io.sagitta.service.access.Presented;
import io.sagitta.service.access.Sessions;
import io.sagitta.service.access.Visit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;

/** How a browser logs in with an identity provider: there, and back. */
@Path("/api/v1/session/oidc")
@Produces("application/json")
public final class OidcResource {
  /**
   * The cookie that says which browser began a login. Lax: the way back begins at the provider, and
   * what is stricter would be left out.
   */
  private static final String COOKIE = "__Host-sagitta-login";

  private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=";
  private static final int SECONDS = 600;

  private final Optional<SecurityParts> parts;

  /** Creates one. */
  public OidcResource(Optional<SecurityParts> parts) {
    this.parts = parts;
  }

  private OidcLogins logins() {
    return SecurityParts.required(parts)
        .oidc()
        .orElseThrow(
            () ->
                Problem.of(
                        404,
                        "no-provider",
                        "No identity provider",
                        "This control has no identity provider: set 'security: {oidc: ...}'.")
                    .exception());
  }

  /** Sends a browser to the identity provider. */
  @GET
  @Everybody(because = "It is how people prove who they are")
  public Response begin() {
    OidcLogins.Begun begun = logins().begin();
    return Response.seeOther(begun.provider())
        .header(HttpHeaders.SET_COOKIE, COOKIE + "=" + begun.secret() + ATTRIBUTES + SECONDS)
        .build();
  }

  /** Takes it back, gives it a session, and sends it to the start. */
  @GET
  @Path("/back")
  @Everybody(because = "It is how people prove who they are")
  public Response back(@Context HttpServletRequest request) {
    Sessions.Begun begun =
        logins()
            .finish(
                Visit.of(request).caller(),
                request.getRemoteAddr(),
                new OidcLogins.Answer(
                    Presented.cookies(request, COOKIE),
                    parameter(request, "state"),
                    parameter(request, "code"),
                    parameter(request, "iss")));
    Presented.cookies(request, Presented.COOKIE)
        .forEach(SecurityParts.required(parts).logins().sessions()::end);
    return Response.seeOther(URI.create("/"))
        .header(HttpHeaders.SET_COOKIE, SessionResource.cookie(begun))
        .header(HttpHeaders.SET_COOKIE, COOKIE + "=" + ATTRIBUTES + 0)
        .build();
  }

  /** Returns the one value of a parameter; several are none. */
  private static Optional<String> parameter(HttpServletRequest request, String name) {
    String[] values = request.getParameterValues(name);
    return values != null && values.length == 1 ? Optional.of(values[0]) : Optional.empty();
  }
}
