package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.control.ControlMain;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a real control on a real Pulsar. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlIT {
  private final LocalPulsar pulsar;
  private final RunningRole role;
  private final String control;
  private final Path dir;

  ControlIT(@TempDir Path dir) throws Exception {
    this.dir = dir;
    pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir.resolve("pulsar")).withFsync(false));
    Path configuration = dir.resolve("control.yml");
    Files.writeString(
        configuration,
        "listen: {port: 0, adminPort: 0}\nunprotected: on-loopback\npulsar: {serviceUrl: \"%s\", adminUrl: \"%s\"}\n"
            .formatted(pulsar.brokerUrl(), pulsar.adminUrl()));
    role = new ControlMain().start(configuration);
    control = "http://127.0.0.1:" + role.port();
  }

  @AfterAll
  void stop() {
    role.close();
    pulsar.close();
  }

  private Outcome sagitta(String... args) {
    return answering("", args);
  }

  private Outcome answering(String input, String... args) {
    String[] all = java.util.Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--control";
    all[args.length + 1] = control;
    return Outcome.answering(input, all);
  }

  private String file(String name, String text) {
    return Definitions.write(dir.resolve(name), name + ".yaml", text).toString();
  }

  private static String flights(String name) {
    return Definitions.FLIGHTS.replace("name: flights", "name: " + name);
  }

  @Test
  void applyThenPlanThenApply_followTheFile() {
    String file = file("followed", flights("followed"));
    Outcome first = sagitta("apply", file, "--author", "Ada");
    assertThat(first.err()).isEmpty();
    assertThat(first.out())
        .startsWith("aviation/followed: revision 1 applied")
        .contains("  + stage by_origin (state new)");
    assertThat(first.exitCode()).isEqualTo(ExitCodes.OK);

    assertThat(sagitta("apply", file).out())
        .isEqualToNormalizingNewlines("aviation/followed: revision 1 runs already, unchanged\n");
    assertThat(sagitta("plan", file).out())
        .isEqualToNormalizingNewlines("aviation/followed: nothing to do, revision 1 is the same\n");

    file("followed", flights("followed").replace("count(*)", "1 + count(*)"));
    Outcome plan = sagitta("plan", file);
    assertThat(plan.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(plan.out())
        .isEqualToNormalizingNewlines(
            """
            aviation/followed: against revision 1
              ~ stage by_origin: other query (state kept)
            """);
    assertThat(sagitta("apply", file).out()).startsWith("aviation/followed: revision 2 applied");
  }

  @Test
  void planOfWhatCannotBeCarried_refusesWithThePlace() {
    String file = file("carried", flights("carried"));
    sagitta("apply", file);
    file("carried", flights("carried").replace("tumbling: 1h", "tumbling: 2h"));
    Outcome plan = sagitta("plan", file);
    assertThat(plan.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(plan.out()).containsPattern("carried.yaml:23:\\d+: the window of stage");
    Outcome applied = sagitta("apply", file);
    assertThat(applied.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(applied.err())
        .containsPattern("carried.yaml:23:\\d+: the window of stage")
        .contains("Delete the pipeline and apply it anew");
  }

  @Test
  void invalidFile_neverReachesControl() {
    Outcome outcome =
        Outcome.of(
            "apply",
            file("invalid", flights("invalid").replace("tumbling", "tumblin")),
            "--control",
            "http://127.0.0.1:1");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err()).contains("invalid.yaml:23:", "Nothing was sent to control: 1 error");
  }

  @Test
  void status_showsTasksAndLedger() throws Exception {
    sagitta("apply", file("shown", flights("shown")), "--author", "Ada");
    Outcome all = sagitta("status");
    assertThat(all.out()).contains("PIPELINE", "aviation/shown");
    Outcome one = sagitta("status", "shown");
    assertThat(one.out())
        .contains("aviation/shown  revision 1  waiting  applied ", " by Ada")
        .contains("by_origin/0", "no node has reported it", "ledger: balances");
    Outcome ledger = sagitta("status", "aviation/shown", "--ledger");
    assertThat(ledger.out()).contains("QUARANTINED", "MISSING");
    assertThat(ledger.exitCode()).isEqualTo(ExitCodes.OK);
    JsonNode json = Json.parse(sagitta("status", "shown", "--json").out());
    assertThat(json.path("tasksExpected").asInt()).isEqualTo(2);
  }

  @Test
  void unknownPipeline_isRefusedWithThoseThereAre() {
    sagitta("apply", file("known", flights("known")));
    Outcome byName = sagitta("status", "nown");
    assertThat(byName.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(byName.err()).contains("There is no pipeline 'nown'. There are: ", "aviation/known");
    Outcome byId = sagitta("pause", "aviation/nown");
    assertThat(byId.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(byId.err()).contains("There is no pipeline aviation/nown.");
  }

  @Test
  void pauseResumeAndLogs_tellWhatHappened() {
    sagitta("apply", file("steered", flights("steered")), "--author", "Ada");
    assertThat(sagitta("pause", "steered").out()).contains("aviation/steered is paused");
    assertThat(sagitta("status", "steered").out()).contains("paused");
    assertThat(sagitta("resume", "steered").out()).contains("aviation/steered is to run again");
    Outcome logs = sagitta("logs", "steered");
    assertThat(logs.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(logs.out()).contains("control: revision 1 applied by Ada", "control: paused");
  }

  @Test
  void tapWithoutRows_endsInTime() {
    sagitta("apply", file("tapped", flights("tapped")));
    Outcome outcome = sagitta("tap", "tapped", "punctuality", "--seconds", "1");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("No row came in 1 s.");
    Outcome unknown = sagitta("tap", "tapped", "none");
    assertThat(unknown.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(unknown.err()).contains("has no stream, source or stage 'none'");
  }

  @Test
  void quarantine_isListedAndReplayed() throws Exception {
    sagitta("apply", file("refused", flights("refused")));
    assertThat(sagitta("quarantine", "list", "refused").out())
        .contains("No rows are in quarantine.");
    String row = "{\"date\":\"2024-05-01T10:00:00Z\",\"delay\":-5,\"origin\":\"LAX\"}";
    quarantine("refused", "delay is sane", row);
    Outcome list = sagitta("quarantine", "list", "refused", "--reason", "delay is sane");
    assertThat(list.out())
        .contains("STAGE", "clean  delay is sane     1", ":0  clean: delay is sane");
    assertThat(list.out()).contains("  " + row, "  open");
    String position = list.out().lines().filter(l -> l.contains(":0  clean")).findFirst().get();

    Path mended = dir.resolve("mended.jsonl");
    Files.writeString(mended, "\n{\"position\": 1}\n");
    Outcome bad = sagitta("quarantine", "replay", "refused", "--mend", mended.toString());
    assertThat(bad.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(bad.err()).contains("mended.jsonl:2:1: no mended row");
    Files.writeString(
        mended,
        "{\"position\": \"%s\", \"row\": %s}\n"
            .formatted(position.substring(0, position.indexOf(' ')), row.replace("-5", "5")));
    Outcome replay = sagitta("quarantine", "replay", "refused", "--mend", mended.toString());
    assertThat(replay.err()).isEmpty();
    assertThat(replay.out())
        .isEqualToNormalizingNewlines(
            "aviation/refused: rows sent back 1, sent back before 0, staying 0\n");
    assertThat(sagitta("quarantine", "replay", "refused", "--all").out())
        .contains("rows sent back 0, sent back before 1");
    assertThat(sagitta("quarantine", "list", "refused").out())
        .contains("  replayed: mended to source 'departures' by ");
    assertThat(sagitta("quarantine", "replay", "refused").err()).contains("Say which rows");
  }

  private void quarantine(String pipeline, String reason, String row) {
    PipelineId id = new PipelineId("aviation", pipeline);
    try (RootAllocator allocator = new RootAllocator();
        VectorSchemaRoot rows = VectorSchemaRoot.create(Quarantine.SCHEMA, allocator);
        PulsarConnection connection = PulsarConnection.open(pulsar.brokerUrl(), 1 << 20);
        PartitionProducer producer =
            PartitionProducer.open(
                connection,
                Topics.partition(Topics.quarantine(id), 0),
                Optional.empty(),
                PartitionProducer.Access.SHARED)) {
      set(rows, Quarantine.STAGE, "clean");
      set(rows, Quarantine.REASON, reason);
      set(rows, Quarantine.ROW, row);
      rows.setRowCount(1);
      Header header = Header.of(Header.Kind.ROWS, "departures/0", "clean", 1, Optional.empty());
      producer.send(header, IpcCodec.encode(rows)).join();
    }
  }

  private static void set(VectorSchemaRoot rows, String column, String value) {
    ((VarCharVector) rows.getVector(column)).setSafe(0, value.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void delete_asksFirst() {
    sagitta("apply", file("deleted", flights("deleted")));
    Outcome no = answering("n\n", "delete", "deleted");
    assertThat(no.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(no.err()).contains("Delete aviation/deleted and everything in its topics for good?");
    assertThat(sagitta("status", "deleted").exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(answering("y\n", "delete", "deleted").out())
        .contains("aviation/deleted is deleted.");
    assertThat(sagitta("status", "aviation/deleted").exitCode()).isEqualTo(ExitCodes.REFUSED);
    sagitta("apply", file("deleted", flights("deleted")));
    assertThat(sagitta("delete", "deleted", "--yes").exitCode()).isEqualTo(ExitCodes.OK);
  }

  @Test
  void fileTable_isLoadedHereAndPinned() throws Exception {
    String file =
        file(
            "joined",
            """
            apiVersion: sagitta/v1
            kind: Pipeline
            metadata: {name: joined, tenant: aviation}
            spec:
              mode: streaming
              sources:
                flights: {type: http, schema: {origin: {type: string}}}
              tables:
                airports:
                  type: file
                  path: data/airports.csv
                  key: iata
                  schema: {iata: {type: string}, city: {type: string}}
              stages:
                named:
                  type: sql
                  inputs: [flights]
                  query: SELECT f.*, a.city FROM flights f LEFT JOIN airports a ON a.iata = f.origin
              streams:
                named: {inputs: [named], retain: 1d}
            """);
    Path table = Definitions.write(dir.resolve("joined"), "data/airports.csv", "iata,city\n");
    Files.writeString(table, "iata,city\nLAX,Los Angeles\n");
    Outcome applied = sagitta("apply", file);
    assertThat(applied.err()).isEmpty();
    assertThat(applied.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(sagitta("apply", file).out()).contains("unchanged");
    Files.writeString(table, "iata,city\nLAX,Los Angeles\nJFK,New York\n");
    assertThat(sagitta("apply", file).out()).contains("revision 2 applied");
    Files.writeString(table, "iata,city\nLAX,Los Angeles\nLAX,again\n");
    Outcome twice = sagitta("apply", file);
    assertThat(twice.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(twice.err()).contains("A table cannot be loaded", "joined.yaml:9:", "LAX");
  }
}
