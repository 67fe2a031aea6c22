package io.sagitta.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RoleTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final ProbeRole role = new ProbeRole();
  private final ProbeRole.Settings settings = new ProbeRole.Settings();
  private RunningRole running = notYet();

  private static RunningRole notYet() {
    return new RunningRole(new org.eclipse.jetty.server.Server(), List.of());
  }

  @BeforeEach
  void start() throws Exception {
    running = role.start(settings);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.port() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String admin(String path) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.adminPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static HttpRequest.Builder json(HttpRequest.Builder request, String body) {
    return request
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static void assertProblem(HttpResponse<String> reply, int status, String... words) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(reply.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
    assertThat(reply.body())
        .contains("\"status\":" + status)
        .contains(words)
        .doesNotContain("\tat ", "Exception");
  }

  @Test
  void request_unknownPath_isNamed() throws Exception {
    assertProblem(send(at("/v1/oders")), 404, "urn:sagitta:problem:unknown-path", "/v1/oders");
  }

  @Test
  void request_wrongMethod_namesTheRightOnes() throws Exception {
    HttpResponse<String> reply = send(at("/v1/orders").DELETE());
    assertProblem(reply, 405, "DELETE", "POST");
    assertThat(reply.headers().firstValue("Allow").orElse("")).contains("POST");
  }

  @Test
  void request_wrongContentType_isRefused() throws Exception {
    assertProblem(
        send(
            at("/v1/orders")
                .header("Content-Type", "text/tea")
                .POST(HttpRequest.BodyPublishers.ofString("x"))),
        415,
        "text/tea");
  }

  @Test
  void request_badJson_saysWhere() throws Exception {
    assertProblem(send(json(at("/v1/orders"), "{\n \"amount\": x}")), 400, "line 2, column");
    assertProblem(send(json(at("/v1/orders"), "{\"amount\": \"x\"}")), 400, "amount");
  }

  @Test
  void request_unexpectedFailure_tellsAnIdAndNoMore() throws Exception {
    HttpResponse<String> reply = send(at("/v1/orders/broken"));
    assertProblem(reply, 500, "\"id\":\"");
    assertThat(reply.body()).doesNotContain("secret detail");
  }

  @Test
  void request_refused_carriesMembersAndRetryAfter() throws Exception {
    HttpResponse<String> reply = send(at("/v1/orders/busy"));
    assertProblem(reply, 429, "\"limit\":7", "Ask again.");
    assertThat(reply.headers().firstValue("Retry-After")).hasValue("3");
  }

  @Test
  void request_headersTooLarge_isRefused() throws Exception {
    assertProblem(send(at("/v1/orders").header("X", "y".repeat(20_000))), 431, "16 KiB");
  }

  @Test
  void request_notHttp_isRefusedAndTheRoleLivesOn() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      socket.getOutputStream().write("GET \u0001/ HTTP/1.1\r\n\r\n".getBytes(UTF_8));
      String reply = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(reply).startsWith("HTTP/1.1 400").doesNotContain("\tat ");
    }
    assertThat(send(json(at("/v1/orders"), "{\"amount\": 1}")).statusCode()).isEqualTo(200);
  }

  @Test
  void request_bodyEndsTooEarly_isRefusedAndTheRoleLivesOn() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      + "Content-Length: 99\r\n\r\n{\"am")
                  .getBytes(UTF_8));
      socket.shutdownOutput();
      String reply = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(reply).startsWith("HTTP/1.1 400").doesNotContain("\tat ");
    }
    assertThat(send(json(at("/v1/orders"), "{\"amount\": 1}")).statusCode()).isEqualTo(200);
  }

  @Test
  void metrics_areServedWithoutCreatedSeries() throws Exception {
    assertThat(send(json(at("/v1/orders"), "{\"amount\": 4}")).body()).isEqualTo("{\"amount\":4}");
    assertThat(admin("/metrics"))
        .contains("sagitta_probe_orders_total{kind=\"paid\",} 4.0")
        .contains("sagitta_http_request_seconds_count{method=\"POST\",route=\"/v1/orders\"")
        .contains("jvm_memory_bytes_used")
        .doesNotContain("_created");
  }

  @Test
  void health_pulsarGone_isUnhealthy() throws Exception {
    try (ServerSocket pulsar = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      restart("pulsar://127.0.0.1:" + pulsar.getLocalPort());
      assertThat(admin("/healthcheck")).contains("accepts connections");
    }
    assertThat(admin("/healthcheck")).contains("does not accept connections", "\"healthy\":false");
  }

  private void restart(String serviceUrl) throws Exception {
    running.close();
    settings.pulsar().setServiceUrl(serviceUrl);
    running = role.start(settings);
  }

  @Test
  void close_requestUnderWay_isAnswered() throws Exception {
    CompletableFuture<HttpResponse<String>> reply =
        client.sendAsync(at("/v1/orders/slow").build(), HttpResponse.BodyHandlers.ofString());
    assertThat(role.arrived.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(running::close);
    role.letGo.countDown();
    assertThat(reply.get(10, TimeUnit.SECONDS).body()).isEqualTo("{\"done\":true}");
    closing.get(10, TimeUnit.SECONDS);
  }

  @Test
  void start_takenPort_namesPortAndKey() {
    for (boolean adminPort : new boolean[] {false, true}) {
      ProbeRole.Settings second = new ProbeRole.Settings();
      if (adminPort) {
        second.listen().setAdminPort(running.adminPort());
      } else {
        second.listen().setPort(running.port());
      }
      assertThatThrownBy(() -> new ProbeRole().start(second))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("127.0.0.1:" + (adminPort ? running.adminPort() : running.port()))
          .hasMessageContaining(adminPort ? "listen.adminPort" : "listen.port")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void start_file_setsWhatItNamesAndKeepsTheRest(@TempDir Path folder) throws Exception {
    Path file = write(folder, "listen: {adminPort: 0}\nlogging: {level: WARN}\n");
    try (RunningRole other = new ProbeRole().start(file)) {
      assertThat(other.port()).isPositive();
      assertThat(other.adminPort()).isPositive().isNotEqualTo(other.port());
    }
  }

  @Test
  void start_badFile_saysWhatAndSuggests(@TempDir Path folder) throws IOException {
    assertRefused(write(folder, "listen: {prt: 1}\n"), "prt", "port");
    assertRefused(write(folder, "listen: {port: 70700}\n"), "70700");
    assertRefused(write(folder, "server: {type: simple}\n"), "listen");
    assertRefused(write(folder, "listen: [\n"), "YAML");
    assertRefused(folder.resolve("absent.yml"), "absent.yml");
  }

  private static Path write(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("probe.yml"), text);
  }

  private static void assertRefused(Path file, String... words) {
    assertThatThrownBy(() -> new ProbeRole().start(file))
        .isInstanceOf(StartException.class)
        .message()
        .contains(words)
        .doesNotContain("\n");
  }
}
