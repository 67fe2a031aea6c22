package io.sagitta.acceptance.attack;

import static io.sagitta.acceptance.attack.AttackedHouse.PIPELINE;
import static io.sagitta.acceptance.attack.AttackedHouse.row;
import static io.sagitta.acceptance.attack.AttackedHouse.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.acceptance.attack.AttackedHouse.Door;
import io.sagitta.house.HouseAccess;
import io.sagitta.house.LocalHouse;
import io.sagitta.identity.Identity.Machine;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * What somebody wants at the doors of gateway and control: more than is theirs, or for another
 * site.
 */
final class DoorAttacks implements Attack.Group {
  private static final String ROWS = "/v1/streams/" + PIPELINE + "/all/rows?limit=1";
  private static final String PIPELINES = "/api/v1/pipelines";

  private final AttackedHouse attacked;
  private final LocalHouse house;

  DoorAttacks(AttackedHouse attacked) {
    this.attacked = attacked;
    this.house = attacked.house();
  }

  @Override
  public List<Attack> attacks() {
    return List.of(
        new Attack("other people's things: the same 403 whether they exist", this::othersThings),
        new Attack("a viewer, a node, a gateway that want more: 403, nothing changes", this::more),
        new Attack("another site's page: turned away, WebSockets too", this::otherSite),
        new Attack("names that are paths, markup, queries, line breaks", this::names),
        new Attack("whatever was asked: the headers that keep browsers off", this::headers));
  }

  private void othersThings() throws Exception {
    HouseAccess stranger = house.access("stranger");
    int control = house.ports().control();
    int gateway = house.ports().gateway();
    List<HttpResponse<String>> replies = new ArrayList<>();
    for (String there : List.of("ours/orders", "ours/nothing", "theirs/nothing")) {
      for (String rest : List.of("", "/status", "/events", "/quarantine")) {
        replies.add(send(stranger, control, "GET", PIPELINES + "/" + there + rest, ""));
      }
      replies.add(send(stranger, gateway, "GET", "/v1/streams/" + there + "/all", ""));
      replies.add(send(stranger, gateway, "GET", "/v1/streams/" + there + "/all/rows", ""));
      replies.add(send(stranger, gateway, "GET", "/v1/streams/" + there + "/all/latest", ""));
      replies.add(send(stranger, gateway, "POST", "/v1/sources/" + there + "/orders", row(1)));
    }
    assertThat(replies).allMatch(reply -> reply.statusCode() == 403);
    assertThat(replies.stream().map(HttpResponse::body).distinct()).hasSize(1);
    HttpResponse<String> list = send(stranger, control, "GET", PIPELINES, "");
    assertThat(list.body()).doesNotContain("orders", "others");
    attacked.assertDenied("control", "subject.stranger");
    attacked.assertDenied("gateway", "subject.stranger");
    // A reader of one stream reads no other, and does not write.
    HouseAccess board = house.access("board");
    assertThat(send(board, gateway, "GET", ROWS, "").statusCode()).isEqualTo(200);
    assertThat(send(board, gateway, "GET", ROWS.replace("orders", "others"), "").statusCode())
        .isEqualTo(403);
    assertThat(
            send(board, gateway, "POST", "/v1/sources/" + PIPELINE + "/orders", row(1))
                .statusCode())
        .isEqualTo(403);
  }

  private void more() throws Exception {
    int control = house.ports().control();
    String path = PIPELINES + "/" + PIPELINE;
    for (HouseAccess as :
        List.of(house.access("eye"), house.access(Machine.NODE), house.access(Machine.GATEWAY))) {
      assertThat(send(as, control, "DELETE", path, "").statusCode()).isEqualTo(403);
      for (String what : List.of("/pause", "/resume", "/rollback", "/quarantine/replay")) {
        assertThat(send(as, control, "POST", path + what, "{}").statusCode())
            .as(what)
            .isEqualTo(403);
      }
      assertThat(send(as, control, "POST", "/api/v1/security/keys/rotate", "").statusCode())
          .isEqualTo(403);
      assertThat(send(as, control, "GET", "/api/v1/security/policy", "").statusCode())
          .isEqualTo(403);
    }
    assertThat(send(house.access(Machine.NODE), control, "GET", path, "").statusCode())
        .isEqualTo(403);
    assertThat(
            send(
                    house.access("eye"),
                    control,
                    "POST",
                    "/api/v1/tokens/pipelines",
                    "{\"pipelines\":[\"ours/orders\"]}")
                .statusCode())
        .isEqualTo(403);
    attacked.assertDenied("control", "node");
    String now = send(house.access("eye"), control, "GET", path, "").body();
    assertThat(now).contains("\"desired\":\"RUNNING\"");
  }

  private void otherSite() throws Exception {
    HouseAccess hand = house.access("hand");
    for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1")) {
      assertThat(
              asked(hand, house.ports().control(), PIPELINES + "/" + PIPELINE + "/pause", origin))
          .as("pause from " + origin)
          .isEqualTo(403);
      assertThat(
              asked(
                  house.access("feed"),
                  house.ports().gateway(),
                  "/v1/sources/" + PIPELINE + "/orders",
                  origin))
          .as("rows from " + origin)
          .isEqualTo(403);
      String socket =
          "wss://127.0.0.1:%d/v1/streams/%s/all/ws".formatted(house.ports().gateway(), PIPELINE);
      assertThatThrownBy(
              () ->
                  house
                      .access("board")
                      .client()
                      .newWebSocketBuilder()
                      .header("Origin", origin)
                      .buildAsync(URI.create(socket), new java.net.http.WebSocket.Listener() {})
                      .join())
          .as("a WebSocket from " + origin)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
    }
    attacked.assertDenied("gateway", "-");
  }

  private static int asked(HouseAccess as, int port, String path, String origin) throws Exception {
    return as.client()
        .send(
            HttpRequest.newBuilder(as.at(port).resolve(path))
                .header("Origin", origin)
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private void names() throws Exception {
    HouseAccess eye = house.access("eye");
    HouseAccess board = house.access("board");
    for (String name :
        List.of(
            "..%2f..%2fetc%2fpasswd",
            "%2e%2e",
            "%3Cimg%20src=x%20onerror=alert(1)%3E",
            "javascript:alert(1)",
            "a%22%7D%20or%20up%7Bb=%22",
            "=cmd%7C'",
            "a%0d%0aforged-line%20INFO%20admin%20allowed",
            "%00",
            "a%1b%5b2Jb")) {
      List<HttpResponse<String>> replies =
          List.of(
              send(eye, house.ports().control(), "GET", PIPELINES + "/ours/" + name, ""),
              send(eye, house.ports().control(), "DELETE", PIPELINES + "/" + name + "/x", ""),
              send(board, house.ports().gateway(), "GET", "/v1/streams/ours/" + name + "/all", ""));
      assertThat(replies).as(name).allMatch(r -> r.statusCode() >= 400 && r.statusCode() < 500);
      assertThat(replies)
          .as(name)
          .allMatch(r -> !r.body().contains("<img") && !r.body().contains("\r\nforged"));
    }
    for (Path log : List.of(house.control().log(), house.gateway().log())) {
      assertThat(Files.readString(log).lines()).noneMatch(line -> line.startsWith("forged-line"));
      assertThat(Files.readString(log)).doesNotContain("\u001b[2J");
    }
    assertThat(attacked.auditLog("control").verify().problems()).isEmpty();
    for (int port : List.of(house.ports().controlAdmin(), house.ports().gatewayAdmin())) {
      assertThat(send(house.access(Machine.CONTROL), port, "GET", "/metrics", "").body())
          .doesNotContain("or up{", "onerror");
    }
  }

  private void headers() throws Exception {
    HouseAccess eye = house.access("eye");
    for (Door door : attacked.doors()) {
      for (String path : List.of(door.path(), "/", "/nothing/here", "/../../etc/passwd")) {
        var headers = send(eye, door.port(), "GET", path, "").headers();
        assertThat(headers.firstValue("X-Content-Type-Options")).as(path).hasValue("nosniff");
        assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
            .as(path)
            .contains("frame-ancestors 'none'", "default-src 'none'");
        assertThat(headers.firstValue("Strict-Transport-Security")).as(path).isPresent();
        assertThat(headers.firstValue("Server")).as(path).isEmpty();
        assertThat(headers.firstValue("Access-Control-Allow-Origin")).as(path).isEmpty();
      }
    }
  }
}
