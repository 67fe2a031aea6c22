package io.sagitta.acceptance.attack;

import static io.sagitta.acceptance.attack.AttackedHouse.JSON;
import static io.sagitta.acceptance.attack.AttackedHouse.send;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.house.HouseAccess;
import io.sagitta.house.LocalHouse;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Definitions for control, by somebody who may deploy to one tenant. */
final class DefinitionAttacks implements Attack.Group {
  private static final String HEAD =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: attack, tenant: ours}
      spec:
        mode: streaming
      """;
  private static final String SOURCE =
      """
        sources:
          numbers: {type: http, schema: {n: {type: int64}, s: {type: string}}}
      """;

  private final AttackedHouse attacked;
  private final LocalHouse house;

  DefinitionAttacks(AttackedHouse attacked) {
    this.attacked = attacked;
    this.house = attacked.house();
  }

  @Override
  public List<Attack> attacks() {
    return List.of(
        new Attack("YAML that makes objects, multiplies, nests, or is huge", this::yaml),
        new Attack("bodies of 100 MB, and many of 60 at once", this::bodies),
        new Attack("names that are paths, markup, queries, line breaks", this::names),
        new Attack("SQL that reads the host, changes the engine, or does not end", this::sql),
        new Attack("connectors to what the policy does not name", this::connectors),
        new Attack("another tenant's pipeline, another pipeline's rows", this::others));
  }

  /** Asks control to plan, then to apply, and says what it answered. */
  private String refused(String what, String definition) throws Exception {
    HouseAccess builder = house.access("builder");
    StringBuilder said = new StringBuilder();
    for (String path : List.of("/api/v1/plan", "/api/v1/pipelines")) {
      HttpResponse<String> reply =
          send(
              builder,
              house.ports().control(),
              "POST",
              path,
              JSON.createObjectNode().put("definition", definition).toString());
      if (reply.statusCode() == 200 && path.endsWith("/plan")) {
        // A plan shows what apply would refuse.
        assertThat(JSON.readTree(reply.body()).path("refusals")).as(what).isNotEmpty();
      } else {
        assertThat(reply.statusCode()).as("%s: %s", what, reply.body()).isIn(400, 403, 413, 422);
      }
      assertThat(reply.body()).as(what).hasSizeLessThan(20_000).doesNotContain("root:x:");
      said.append(reply.body());
    }
    return said.toString();
  }

  private void assertNothingCameOfIt() throws Exception {
    String list =
        send(house.access("builder"), house.ports().control(), "GET", "/api/v1/pipelines", "")
            .body();
    assertThat(list).contains("orders", "others").doesNotContain("attack");
  }

  private void yaml() throws Exception {
    StringBuilder aliases = new StringBuilder("a: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      aliases.append(
          "b%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)));
    }
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(
        "a tag",
        HEAD + "x: !!javax.script.ScriptEngineManager [!!java.net.URL [\"http://127.0.0.1/\"]]\n");
    texts.put("aliases that multiply", aliases.toString());
    texts.put("a merge key", "a: &a {b: 1}\nc: {<<: *a}\n");
    texts.put("nesting", "a: " + "[".repeat(10_000) + "]".repeat(10_000) + "\n");
    texts.put("several documents", HEAD + SOURCE + "---\n" + HEAD);
    texts.put("ends in an escape", "a: \"\\u");
    texts.put("no text", "\u0000\u0001\ufffe");
    texts.put("huge", "# " + "x".repeat(3 << 20) + "\n" + HEAD);
    for (Map.Entry<String, String> one : texts.entrySet()) {
      refused(one.getKey(), one.getValue());
    }
    assertNothingCameOfIt();
  }

  /** Control has half a gigabyte: three or four of these as trees of JSON would fill it. */
  private void bodies() throws Exception {
    HouseAccess builder = house.access("builder");
    byte[] sixty = body(60);
    // A server that does not read a body closes its connection, which may outrun the answer.
    assertThat(answer(builder, body(100)).exceptionally(e -> 413).get(60, TimeUnit.SECONDS))
        .isEqualTo(413);
    List<CompletableFuture<Integer>> replies = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      replies.add(answer(builder, sixty).exceptionally(e -> 503));
    }
    for (CompletableFuture<Integer> reply : replies) {
      assertThat(reply.get(60, TimeUnit.SECONDS)).isIn(400, 413, 422, 503);
    }
    assertNothingCameOfIt();
  }

  private static byte[] body(int megabytes) {
    byte[] body = new byte[megabytes << 20];
    Arrays.fill(body, (byte) 'x');
    byte[] start = "{\"definition\":\"".getBytes(US_ASCII);
    System.arraycopy(start, 0, body, 0, start.length);
    body[body.length - 2] = '"';
    body[body.length - 1] = '}';
    return body;
  }

  private CompletableFuture<Integer> answer(HouseAccess as, byte[] body) {
    URI plan = as.at(house.ports().control()).resolve("/api/v1/plan");
    return as.client()
        .sendAsync(
            HttpRequest.newBuilder(plan)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }

  private void names() throws Exception {
    for (String name :
        List.of(
            "../../etc",
            "<img src=x onerror=alert(1)>",
            "javascript:alert(1)",
            "a\\\"} or up{b=\\\"",
            "=cmd|'/C calc'!A0",
            "a\\r\\n2026-01-01 INFO admin allowed",
            "a\\u001b[2J",
            "\\u202egnp.exe")) {
      String said =
          refused(
              name,
              HEAD.replace("name: attack", "name: \"" + name + "\"")
                  + SOURCE.replace("numbers", "\"" + name + "\""));
      String text = JSON.readTree(said).toString();
      assertThat(text).as(name).doesNotContain("\r", "\u001b", "\u202e");
    }
    assertNothingCameOfIt();
  }

  private void sql() throws Exception {
    String stage = "  stages:\n    bad: {type: sql, inputs: [numbers], query: \"%s\"}\n";
    String out = "  streams:\n    out: {inputs: [bad]}\n";
    for (String query :
        List.of(
            "SELECT content FROM read_text('/etc/passwd')",
            "SELECT * FROM '/etc/passwd'",
            "SELECT * FROM glob('/etc/*')",
            "SELECT * FROM read_csv('http://169.254.169.254/latest/meta-data')",
            "COPY numbers TO '/tmp/out'",
            "ATTACH '/tmp/x.db' AS x",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET memory_limit='1TB'",
            "PRAGMA database_list",
            "SELECT getenv('SAGITTA_SECRET_BOARD_PASSWORD') FROM numbers",
            "SELECT * FROM duckdb_settings()",
            "SELECT n FROM numbers; DROP TABLE numbers",
            "CREATE TABLE x AS SELECT 1",
            "SELECT repeat('x', 10000000000) AS x FROM numbers",
            "SELECT repeat(repeat(repeat(s, 10000), 10000), 10000) AS x FROM numbers",
            "SELECT replace(s, 'a', s) AS x FROM numbers",
            "SELECT unnest(range(1000000000000)) AS x FROM numbers",
            "SELECT * FROM range(1000000000000)",
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r",
            "SELECT " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " AS x FROM numbers")) {
      String said = refused(query, HEAD + SOURCE + stage.formatted(query) + out);
      assertThat(said).as(query).contains("\"file\":\"definition.yaml\",\"line\":9");
    }
    assertNothingCameOfIt();
  }

  private void connectors() throws Exception {
    String sink =
        """
          sinks:
            rows: {type: jdbc, inputs: [numbers], url: "%s", user: a, password: b, table: t}
        """;
    String port = attacked.database().replaceAll(".*:(\\d+)/.*", "$1");
    for (String url :
        List.of(
            "jdbc:postgresql://169.254.169.254/postgres",
            "jdbc:postgresql://127.0.0.1:22/postgres",
            "jdbc:postgresql://localhost:" + port + "/postgres",
            "jdbc:postgresql://[::ffff:127.0.0.1]:" + port + "/postgres",
            "jdbc:postgresql://2130706433:" + port + "/postgres",
            attacked.database() + "?socketFactory=java.io.FileOutputStream&socketFactoryArg=/tmp/x",
            attacked.database() + "?loggerFile=/tmp/x&loggerLevel=TRACE",
            "jdbc:postgresql://127.0.0.1:" + port + "/template1",
            "jdbc:h2:mem:a;INIT=RUNSCRIPT FROM 'http://127.0.0.1/x'",
            "jdbc:duckdb:/etc/passwd",
            "ldap://127.0.0.1/x",
            "${secret:board/password}")) {
      refused(url, HEAD + SOURCE + sink.formatted(url));
    }
    for (String path :
        List.of("/etc/passwd", "file:///etc/passwd", "../../../etc/passwd", "http://127.0.0.1/x")) {
      refused(
          path,
          HEAD
              + """
                sources:
                  numbers: {type: file, format: csv, path: "%s", schema: {n: {type: string}}}
                streams:
                  out: {inputs: [numbers]}
              """
                  .formatted(path));
    }
    assertNothingCameOfIt();
  }

  private void others() throws Exception {
    String said =
        refused(
            "another tenant",
            HEAD.replace("tenant: ours", "tenant: theirs")
                + SOURCE
                + "  streams: {out: {inputs: [numbers]}}\n");
    assertThat(said).contains("\"status\":403");
    for (String topic :
        List.of(
            "persistent://ours/orders/out.all",
            "persistent://ours/orders/journal.orders",
            "persistent://sagitta/system/policy")) {
      refused(
          topic,
          HEAD
              + """
                sources:
                  numbers: {type: pulsar, topic: "%s", format: json, schema: {n: {type: int64}}}
                streams:
                  out: {inputs: [numbers]}
              """
                  .formatted(topic));
    }
    assertThat(attacked.audited("control"))
        .anyMatch(
            r -> r.event().who().equals("subject.builder") && r.event().outcome().equals("denied"));
    assertNothingCameOfIt();
  }
}
