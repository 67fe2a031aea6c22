package io.sagitta.acceptance.attack;

import static io.sagitta.acceptance.attack.AttackedHouse.DEFINITION;
import static io.sagitta.acceptance.attack.AttackedHouse.JSON;
import static io.sagitta.acceptance.attack.AttackedHouse.MARK;
import static io.sagitta.acceptance.attack.AttackedHouse.PATIENCE;
import static io.sagitta.acceptance.attack.AttackedHouse.PIPELINE;
import static io.sagitta.acceptance.attack.AttackedHouse.SECRET;
import static io.sagitta.acceptance.attack.AttackedHouse.await;
import static io.sagitta.acceptance.attack.AttackedHouse.row;
import static io.sagitta.acceptance.attack.AttackedHouse.send;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.house.HousePorts;
import io.sagitta.house.LocalHouse;
import io.sagitta.identity.Identity.Machine;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who looks where rows, secrets and sensitive values could show. */
final class LeakAttacks implements Attack.Group {
  private final AttackedHouse attacked;
  private final LocalHouse house;

  LeakAttacks(AttackedHouse attacked) {
    this.attacked = attacked;
    this.house = attacked.house();
  }

  @Override
  public List<Attack> attacks() {
    return List.of(
        new Attack("the wire: no row, secret, token, path or name in plain", this::wire),
        new Attack("a secret: nowhere but in the node", this::secret),
        new Attack("a sensitive column by tap: masked", this::tap),
        new Attack(
            "a database that quotes the row it refuses: not passed on", this::databaseThatQuotes));
  }

  private void wire() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      HousePorts p = house.ports();
      List<Integer> ports =
          List.of(
              p.pulsar(),
              p.pulsarHttp(),
              p.gateway(),
              p.gatewayAdmin(),
              p.control(),
              p.controlAdmin(),
              p.nodeAdmin(),
              plain.getLocalPort());
      Optional<Capture> capture = Capture.begin(attacked.data().resolve("packets"), ports);
      if (capture.isEmpty()) {
        System.out.println("Skipped: only root with Python can look at packets here");
        return;
      }
      String control = "and this is in plain";
      try (Socket client = new Socket(plain.getInetAddress(), plain.getLocalPort());
          Socket server = plain.accept()) {
        client.getOutputStream().write(control.getBytes(UTF_8));
        server.getInputStream().readNBytes(control.length());
      }
      for (int i = 0; i < 5; i++) {
        attacked.work();
      }
      house.ops("hand").status(PIPELINE);
      String packets =
          new String(capture.get().end(), java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThat(packets.length()).isGreaterThan(50_000);
      assertThat(packets.contains(control)).as("the capture sees what is in plain").isTrue();
      for (String word :
          List.of(
              MARK,
              MARK.substring(0, 12),
              SECRET,
              "eyJraWQi",
              "eyJ0eXAi",
              "eyJhbGci",
              "HTTP/1.1",
              PIPELINE)) {
        assertThat(packets.contains(word)).as(word).isFalse();
      }
    }
  }

  private void secret() throws Exception {
    StringBuilder said = new StringBuilder();
    HousePorts p = house.ports();
    for (String path :
        List.of("", "/status", "/events", "/quarantine?stage=positive", "/revisions")) {
      said.append(
          send(house.access("hand"), p.control(), "GET", "/api/v1/pipelines/" + PIPELINE + path, "")
              .body());
    }
    String url = attacked.database();
    String definition = DEFINITION.formatted("orders", url, "other_table");
    said.append(
        send(
                house.access("builder"),
                p.control(),
                "POST",
                "/api/v1/plan",
                JSON.createObjectNode().put("definition", definition).toString())
            .body());
    for (int port : List.of(p.controlAdmin(), p.gatewayAdmin(), p.nodeAdmin())) {
      said.append(send(house.access(Machine.CONTROL), port, "GET", "/metrics", "").body());
    }
    assertThat(said).contains("board/password").doesNotContain(SECRET);
    byte[] secret = SECRET.getBytes(UTF_8);
    try (Stream<Path> all = Files.walk(attacked.data())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        assertThat(contains(Files.readAllBytes(file), secret)).as(file.toString()).isFalse();
      }
    }
    byte[] environment =
        Files.readAllBytes(Path.of("/proc", house.node("node-1").pid() + "", "environ"));
    assertThat(contains(environment, secret)).as("the node has it").isTrue();
  }

  private static boolean contains(byte[] text, byte[] word) {
    for (int i = 0; i + word.length <= text.length; i++) {
      if (java.util.Arrays.equals(text, i, i + word.length, word, 0, word.length)) {
        return true;
      }
    }
    return false;
  }

  private void tap() throws Exception {
    String path = "/api/v1/pipelines/" + PIPELINE + "/tap";
    var rows =
        house
            .access("hand")
            .client()
            .sendAsync(
                HttpRequest.newBuilder(
                        house.access("hand").at(house.ports().control()).resolve(path))
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"of\":\"positive\",\"rows\":1,\"seconds\":30}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!rows.isDone()) {
      assertThat(System.nanoTime()).as("the tap answers").isLessThan(deadline);
      attacked.work();
    }
    assertThat(rows.join().body()).contains("\"card\":\"***\"").doesNotContain(MARK);
    HttpResponse<String> unmasked =
        send(
            house.access("hand"),
            house.ports().control(),
            "POST",
            path,
            "{\"of\":\"positive\",\"rows\":1,\"seconds\":5,\"unmask\":true}");
    assertThat(unmasked.statusCode()).isEqualTo(403);
    assertThat(unmasked.body()).doesNotContain(MARK);
  }

  private void databaseThatQuotes() throws Exception {
    attacked.sql("ALTER TABLE orders ADD CONSTRAINT small CHECK (n < 1000000)");
    assertThat(attacked.post(row(2_000_000)).statusCode()).isEqualTo(200);
    String path = "/api/v1/pipelines/" + PIPELINE;
    List<String> said = new ArrayList<>();
    await(
        "the task says what the database refused",
        () -> {
          said.add(send(house.access("eye"), house.ports().control(), "GET", path, "").body());
          return said.get(said.size() - 1).contains("constraint small");
        });
    said.add(Files.readString(house.node("node-1").log()));
    said.add(Files.readString(house.control().log()));
    assertThat(said).allSatisfy(text -> assertThat(text).doesNotContain(MARK));
    assertThat(said.get(said.size() - 2)).contains("constraint small");
    attacked.sql("ALTER TABLE orders DROP CONSTRAINT small");
    attacked.expectMore(1);
  }
}
