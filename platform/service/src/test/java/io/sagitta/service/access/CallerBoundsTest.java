package io.sagitta.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.TokenKeys;
import io.sagitta.service.RunningRole;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CallerBoundsTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1");

  private final java.nio.file.Path dir;
  private final CertificateAuthority authority;
  private final Slow slow = new Slow();
  private final RunningRole running;

  CallerBoundsTest(@TempDir java.nio.file.Path dir) throws Exception {
    this.dir = dir;
    authority = CertificateAuthority.in(dir.resolve("ca"), "ca", DAY, Clock.systemUTC());
    authority.issue(Identity.Machine.CONTROL, LOOPBACK, DAY, dir.resolve("control"));
    DoorRole.Settings settings = new DoorRole.Settings();
    settings.tls().setFolder(dir.resolve("control").toString());
    settings.audit().setFolder(dir.resolve("audit").toString());
    DoorRole role = new DoorRole(slow);
    running = role.start(settings);
    TokenKeys keys = TokenKeys.in(dir.resolve("keys.json"), "ES256", Clock.systemUTC());
    role.policyInForce()
        .swap(
            DoorRole.policy(DoorRole.POLICY, DoorRole.TENANTS, DoorRole.GRANTS), keys.published());
  }

  @AfterAll
  void stop() {
    running.close();
  }

  /** Answers when it is told to. */
  @Path("/v1/slow")
  public static final class Slow {
    private final Semaphore under = new Semaphore(0);
    private final CountDownLatch go = new CountDownLatch(1);

    /** Waits. */
    @GET
    @Known
    public String get() throws InterruptedException {
      under.release();
      return go.await(30, TimeUnit.SECONDS) ? "done" : "nobody said to go";
    }
  }

  private HttpClient client(Identity identity) {
    java.nio.file.Path folder = dir.resolve(identity.principal());
    authority.issue(identity, List.of(), DAY, folder);
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(CredentialFolder.open(folder).context())
        .build();
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + running.port() + path));
  }

  private int status(HttpClient client, HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void request_ofOneWhoHasTooManyUnderWay_isRefused_andNobodyElses() throws Exception {
    HttpClient ada = client(new Identity.Subject("ada"));
    HttpClient robot = client(new Identity.Subject("robot"));
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < CallerBounds.AT_ONCE; i++) {
      waiting.add(ada.sendAsync(at("/v1/slow").build(), HttpResponse.BodyHandlers.ofString()));
    }
    assertThat(slow.under.tryAcquire(CallerBounds.AT_ONCE, 30, TimeUnit.SECONDS)).isTrue();

    HttpResponse<String> refused =
        ada.send(at("/v1/me").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(refused.body()).contains("too-many-requests", "32 requests at once");
    assertThat(status(robot, at("/v1/me"))).isEqualTo(200);

    slow.go.countDown();
    for (CompletableFuture<HttpResponse<String>> one : waiting) {
      assertThat(one.get(30, TimeUnit.SECONDS).body()).isEqualTo("done");
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (status(ada, at("/v1/me")) == 429 && System.nanoTime() < deadline) {
      Thread.onSpinWait(); // The last reply goes out before its request has ended.
    }
    assertThat(status(ada, at("/v1/me"))).isEqualTo(200);
  }

  @Test
  void change_moreOfOneThanItsShare_isRefused_andNobodyElses() throws Exception {
    HttpClient eve = client(new Identity.Subject("eve"));
    HttpRequest.Builder change = at("/v1/none").POST(HttpRequest.BodyPublishers.noBody());
    int taken = 0;
    while (taken < 10 * CallerBounds.CHANGES && status(eve, change) != 429) {
      taken++;
    }
    assertThat(taken).isBetween(CallerBounds.CHANGES, 2 * CallerBounds.CHANGES);
    assertThat(status(eve, at("/v1/me"))).as("reading").isEqualTo(200);
    assertThat(status(client(new Identity.Subject("robot")), change)).isNotEqualTo(429);
    assertThat(status(client(Identity.Machine.NODE), change)).isNotEqualTo(429);
  }
}
