package io.sagitta.gateway;

import static io.sagitta.gateway.House.post;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.transport.PipelineId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that begin a request and do not go on, more of them than the gateway has threads. */
final class SlowClientsTest extends IngestCase {
  private static final int CLIENTS = 200;
  private static final Duration AT_ONCE = Duration.ofSeconds(20);

  SlowClientsTest(LocalPulsar pulsar) throws Exception {
    super(pulsar, "slow-clients");
  }

  @Test
  void post_byManyWhoNeverEnd_leavesRoomForOtherTenants() throws Exception {
    PipelineId slow = pipeline(1, SPEC);
    PipelineId other = house.apply(gateway, "patient", "p1", 1, SPEC);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        sockets.add(begin(slow));
      }
      int refused = 0;
      for (Socket socket : sockets) {
        refused += isRefused(socket) ? 1 : 0;
      }
      assertThat(refused).as("refused of %d", CLIENTS).isBetween(CLIENTS - 64, CLIENTS - 1);
      HttpResponse<String> reply =
          house.send(post(gateway, path(other), row(1, "LAS"), NDJSON).timeout(AT_ONCE));
      assertTaken(reply, 1, 0);
      HttpResponse<String> theirs =
          house.send(post(gateway, path(slow), row(1, "LAS"), NDJSON).timeout(AT_ONCE));
      assertProblem(theirs, 429, "too-many-requests", "64");
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    awaitTaken(slow);
  }

  /** Sends the head of a request, and the first byte of its body. */
  private Socket begin(PipelineId pipeline) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(300);
    String head =
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: %s\r\nContent-Length: 1000\r\n\r\n{"
            .formatted(path(pipeline), gateway.port(), NDJSON);
    socket.getOutputStream().write(head.getBytes(US_ASCII));
    return socket;
  }

  private static boolean isRefused(Socket socket) throws IOException {
    byte[] start = new byte["HTTP/1.1 429".length()];
    try {
      int read = socket.getInputStream().readNBytes(start, 0, start.length);
      assertThat(new String(start, 0, read, US_ASCII)).isEqualTo("HTTP/1.1 429");
      return true;
    } catch (SocketTimeoutException e) {
      return false; // Its body is waited for.
    }
  }

  /** Once they are gone, their tenant is served as before. */
  private void awaitTaken(PipelineId pipeline) throws Exception {
    long deadline = System.nanoTime() + AT_ONCE.toNanos();
    HttpResponse<String> reply = house.send(post(gateway, path(pipeline), row(1, "LAS"), NDJSON));
    while (reply.statusCode() == 429 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(100);
      reply = house.send(post(gateway, path(pipeline), row(1, "LAS"), NDJSON));
    }
    assertTaken(reply, 1, 0);
  }
}
