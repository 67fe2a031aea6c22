package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.cli.demo.Flights;
import io.sagitta.house.GatewayClient;
import io.sagitta.house.HouseAccess;
import io.sagitta.house.HouseException;
import io.sagitta.house.HousePorts;
import io.sagitta.house.LocalHouse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** What the demo does once the platform is up: apply, replay, wait, show. */
final class DemoReplay {
  private static final String PRODUCER = "demo";
  private static final int BAR = 30;
  private static final int FIRST_RESULTS = 5;

  // Who does what, as security/ says: nobody may do all of it.
  private static final String DEPLOYER = "build-server";
  private static final String WRITER = "flight-feed";
  private static final String OPERATOR = "ada";

  private final Shell shell;
  private final LocalHouse house;
  private final ControlClient control;
  private final String pipeline;
  private int blockLines;

  DemoReplay(Shell shell, LocalHouse house, String pipeline) {
    this.shell = shell;
    this.house = house;
    this.control = control(house, OPERATOR);
    this.pipeline = pipeline;
  }

  private static ControlClient control(LocalHouse house, String subject) {
    HouseAccess access = house.access(subject);
    return new ControlClient(access.at(house.ports().control()), access.tls());
  }

  /** Gives {@code reader} all rows of {@code stream}. */
  void readAll(String stream, Consumer<JsonNode> reader) throws InterruptedException {
    house.gateway(OPERATOR).readAll(pipeline + "/" + stream, reader);
  }

  /** Applies the definitions in {@code folder}. */
  void apply(Path folder) {
    ControlClient deployer = control(house, DEPLOYER);
    List<DefinitionFile> files = DefinitionFile.find(List.of(folder), Optional.empty());
    for (CheckedDefinition definition : ApplyRequests.check(shell, new CommonOptions(), files)) {
      JsonNode reply = deployer.post("/api/v1/pipelines", ApplyRequests.of(definition, "demo"));
      PlanText.ofApplied(reply).forEach(this::say);
    }
  }

  /** Posts all flights, each once however often this is done, and ends the source's input. */
  void send(Flights flights) throws SQLException, InterruptedException {
    GatewayClient gateway = house.gateway(WRITER);
    String source = pipeline + "/flights";
    List<String> bodies = flights.bodies();
    long total = flights.count();
    long sent = 0;
    long repeated = 0;
    long nextShow = 0;
    for (int i = 0; i < bodies.size(); i++) {
      JsonNode reply = gateway.post(source, PRODUCER, i + 1L, bodies.get(i));
      sent = Math.min(total, sent + flights.rowsPerBody());
      if (reply.path("duplicate").asBoolean()) {
        repeated++;
      }
      if (System.nanoTime() > nextShow || i == bodies.size() - 1) {
        show(bar(sent, total));
        nextShow = System.nanoTime() + (shell.terminal() ? 250_000_000L : 2_000_000_000L);
      }
    }
    gateway.end(source);
    if (repeated > 0) {
      say(
          "%d of %d requests were known from an earlier start: their rows are not counted again."
              .formatted(repeated, bodies.size()));
    }
  }

  /** Waits until every row has arrived where it belongs; returns control's last answer. */
  JsonNode settle(long timeoutMillis) throws InterruptedException {
    long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
    Optional<JsonNode> before = Optional.empty();
    while (System.nanoTime() < deadline) {
      JsonNode status = status();
      Optional<JsonNode> stages = Optional.of(status.path("stages"));
      if (settled(status) && counts(status).equals(before.map(DemoReplay::countsOf).orElse(""))) {
        return status;
      }
      show("  waiting until every row has arrived");
      before = stages;
      Thread.sleep(700);
    }
    JsonNode status = status();
    StatusText.ofPipeline(status, true).forEach(this::say);
    throw new HouseException(
        "The pipeline did not come to rest in " + timeoutMillis / 1000 + " s; see above.");
  }

  private JsonNode status() {
    return control.get(control.pipelinePath(pipeline) + "/status");
  }

  private static boolean settled(JsonNode status) {
    boolean settled = status.path("stages").size() > 0;
    for (JsonNode stage : status.path("stages")) {
      settled &=
          stage.path("counts").path("in").asLong() > 0
              && stage.path("onTheWay").asLong() == 0
              && stage.path("counts").path("held").asLong() == 0;
    }
    return settled;
  }

  private static String counts(JsonNode status) {
    return countsOf(status.path("stages"));
  }

  private static String countsOf(JsonNode stages) {
    StringBuilder text = new StringBuilder();
    stages.forEach(stage -> text.append(stage.path("counts")));
    return text.toString();
  }

  /** Shows the ledger, the first results, and how to go on. */
  void showResults(JsonNode status) throws InterruptedException {
    say("");
    say("@|bold The ledger|@");
    StatusText.ofPipeline(status, true).forEach(this::say);
    say("");
    say("@|bold First results|@ of stream punctuality");
    JsonNode first =
        house
            .gateway(OPERATOR)
            .get("/v1/streams/" + pipeline + "/punctuality/rows?limit=" + FIRST_RESULTS);
    first.path("rows").forEach(row -> shell.out().println("  " + row));
    Path own = house.credentials(OPERATOR);
    String curl = "curl -K " + shortest(own.resolve("curl")) + " ";
    String at =
        house.access(OPERATOR).at(house.ports().gateway()) + "/v1/streams/" + pipeline + "/";
    say("");
    say("@|bold Go on with|@, as " + OPERATOR + " of security/subjects.yaml");
    for (String line :
        List.of(
            curl + "'" + at + "punctuality/latest?origin=SEA'",
            curl + "-H 'Accept: text/csv' '" + at + "punctuality/rows?limit=10'",
            curl + "'" + at + "punctuality/rows?limit=3&wait=30s'",
            "export SAGITTA_AS=" + shortest(own) + controlVariable(),
            "./sagitta status " + pipeline + " --ledger",
            "./sagitta tap " + pipeline + " once",
            "./sagitta security who-can read " + pipeline + "/punctuality")) {
      shell.out().println("  " + line);
    }
    shell.out().println("  Parquet: " + house.data().resolve("node-1").resolve("lake"));
    shell.out().flush();
  }

  /** Returns {@code path} as it is typed from here, if that is shorter. */
  private static String shortest(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
  }

  private String controlVariable() {
    int port = house.ports().control();
    return port == HousePorts.DEFAULT.control()
        ? ""
        : " SAGITTA_CONTROL=" + house.access(OPERATOR).at(port);
  }

  private static String bar(long done, long total) {
    int full = (int) (BAR * done / Math.max(1, total));
    return String.format(
        Locale.ROOT,
        "  [%s%s] %,d of %,d flights",
        "#".repeat(full),
        "-".repeat(BAR - full),
        done,
        total);
  }

  /** Shows a line and each stage's rates, in place of what was shown before on a terminal. */
  private void show(String line) {
    List<String> block = new ArrayList<>();
    block.add(line);
    TextTable table = new TextTable("STAGE", "IN", "OUT", "IN/S", "OUT/S");
    for (JsonNode stage : status().path("stages")) {
      table.row(
          stage.path("name").asText(),
          number(stage.path("counts").path("in")),
          number(stage.path("counts").path("out")),
          number(stage.path("inPerSecond")),
          number(stage.path("outPerSecond")));
    }
    block.addAll(table.lines("  "));
    if (shell.terminal() && blockLines > 0) {
      shell.out().print("\u001b[" + blockLines + "A\u001b[J");
    }
    block.forEach(this::say);
    blockLines = block.size();
  }

  private static String number(JsonNode value) {
    return String.format(Locale.ROOT, "%,d", Math.round(value.asDouble()));
  }

  private void say(String markup) {
    shell.out().println(shell.styled(markup));
    shell.out().flush();
  }
}
