package io.sagitta.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.setup.Environment;
import io.sagitta.service.access.Doors;
import io.sagitta.service.access.Everybody;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A role with one resource, to see what every role does. */
final class ProbeRole extends Role<ProbeRole.Settings> {
  final CountDownLatch arrived = new CountDownLatch(1);
  final CountDownLatch letGo = new CountDownLatch(1);

  ProbeRole() {
    super("probe", Settings.class);
  }

  /** Settings on free ports. */
  static final class Settings extends ServiceConfiguration {
    Settings() {
      super(0, 0);
      setUnprotected(ON_LOOPBACK);
    }
  }

  /** A body. */
  record Order(@JsonProperty(required = true) int amount) {}

  @Override
  protected void prepare(Settings settings, Environment environment, Metrics metrics, Doors doors) {
    Metrics.Counter orders = metrics.counter("sagitta_probe_orders_total", "Orders.", "kind");
    environment.jersey().register(new Orders(orders));
  }

  /** Takes orders. */
  @Path("/v1/orders")
  @Produces("application/json")
  public final class Orders {
    private final Metrics.Counter orders;

    Orders(Metrics.Counter orders) {
      this.orders = orders;
    }

    /** Takes one. */
    @POST
    @Consumes("application/json")
    @Everybody(because = "It is for tests")
    public Map<String, Object> post(Order order) {
      orders.add(order.amount(), "paid");
      return Map.of("amount", order.amount());
    }

    /** Fails unexpectedly, or refuses. */
    @GET
    @Path("/{how}")
    @Everybody(because = "It is for tests")
    public String fail(@PathParam("how") String how) {
      switch (how) {
        case "broken" -> throw new IllegalStateException("secret detail");
        case "busy" ->
            throw Problem.of(429, "busy", "Busy", "Ask again.")
                .with("limit", 7)
                .retryAfter(Duration.ofSeconds(3))
                .exception();
        default -> {
          return how;
        }
      }
    }

    /** Answers when told to. */
    @GET
    @Path("/slow")
    @Everybody(because = "It is for tests")
    public void slow(@Suspended AsyncResponse response) {
      arrived.countDown();
      new Thread(
              () -> {
                try {
                  letGo.await();
                  response.resume(Map.of("done", true));
                } catch (InterruptedException e) {
                  response.resume(e);
                }
              })
          .start();
    }
  }
}
