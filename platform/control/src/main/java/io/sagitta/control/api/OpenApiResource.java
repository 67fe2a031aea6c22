package io.sagitta.control.api;

import io.sagitta.service.access.Everybody;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The description of the ops API, in OpenAPI 3.1. */
@Path("/api/v1/openapi.json")
public final class OpenApiResource {

  /** Returns the description. */
  @GET
  @Everybody(because = "It describes the API, and holds nothing of what runs")
  @Produces("application/json")
  public byte[] get() throws IOException {
    try (InputStream in = OpenApiResource.class.getResourceAsStream("openapi.json")) {
      return Objects.requireNonNull(in, "openapi.json is in this jar").readAllBytes();
    }
  }
}
