package io.sagitta.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sagitta quarantine replay}: sends rows back to the sources they came from. */
@Command(
    name = "replay",
    description = {
      "Sends rows back from quarantine to the sources they came from, each once however often this",
      "is repeated. Late rows, and rows that failed behind another stage, stay where they are: the",
      "answer says why.",
      "A mended row is a line {\"position\": \"12:3:0\", \"row\": {...}} with the source's columns."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta quarantine replay aviation/flights-on-time --position 12:3:0 --position 12:3:1",
      "  sagitta quarantine replay aviation/flights-on-time --reason 'distance is positive'",
      "  sagitta quarantine replay aviation/flights-on-time --mend mended.jsonl",
    })
final class QuarantineReplayCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Option(
      names = "--position",
      paramLabel = "POSITION",
      description = "The row at this position of a list; may be given again.")
  private List<String> positions = new ArrayList<>();

  @Option(names = "--reason", paramLabel = "REASON", description = "All rows with this reason.")
  private @Nullable String reason;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "All rows that failed at this source or stage.")
  private @Nullable String stage;

  @Option(names = "--all", description = "All rows.")
  private boolean all;

  @Option(
      names = "--mend",
      paramLabel = "FILE",
      description = "Send these rows in the place of the kept ones; alone, these and no others.")
  private @Nullable Path mend;

  @Option(
      names = "--author",
      paramLabel = "NAME",
      description = "Who replays; else the user of this machine.")
  private @Nullable String author;

  @Parameters(paramLabel = "PIPELINE", description = "tenant/name, or the name alone.")
  private String pipeline = "";

  QuarantineReplayCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ObjectNode order = order();
    ControlClient client = control.connect(shell);
    String path = client.pipelinePath(pipeline) + "/quarantine/replay";
    ObjectNode sum = Json.object();
    JsonNode reply;
    do {
      reply = client.post(path, order);
      add(sum, reply);
      // Each answer that has more behind it has sent rows, so this ends.
    } while (reply.path("more").asBoolean() && reply.path("replayed").asLong() > 0);
    if (common.json()) {
      shell.out().println(Json.pretty(sum));
    } else {
      print(sum);
    }
    return sum.path("stayed").asLong() == 0 ? ExitCodes.OK : ExitCodes.REFUSED;
  }

  private ObjectNode order() {
    if (positions.isEmpty() && reason == null && stage == null && !all && mend == null) {
      throw CommandFailure.usage("Say which rows: --position, --reason, --stage, --mend or --all.");
    }
    ObjectNode order = Json.object();
    order.set("positions", Json.array(positions));
    Optional.ofNullable(reason).ifPresent(r -> order.put("reason", r));
    Optional.ofNullable(stage).ifPresent(s -> order.put("stage", s));
    order.put("all", all);
    Optional.ofNullable(mend).ifPresent(file -> order.set("mended", mended(file)));
    return order.put(
        "author", Optional.ofNullable(author).orElse(System.getProperty("user.name", "unknown")));
  }

  private static ArrayNode mended(Path file) {
    ArrayNode rows = Json.array(List.of());
    List<String> lines = FileBytes.of(file).text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(mended(file + ":" + (i + 1), lines.get(i)));
      }
    }
    return rows;
  }

  private static JsonNode mended(String place, String line) {
    try {
      JsonNode row = Json.parse(line);
      if (row.path("position").isTextual() && row.path("row").isObject()) {
        return Json.object()
            .put("position", row.path("position").asText())
            .set("row", row.path("row"));
      }
    } catch (JsonProcessingException e) {
      // Told below, together with JSON of another form.
    }
    throw CommandFailure.usage(
        place + ":1: no mended row; write {\"position\": \"12:3:0\", \"row\": {...}}.");
  }

  /** Adds up the answers to one command; what stays is the same in each but counted once. */
  private static void add(ObjectNode sum, JsonNode reply) {
    for (String figure : List.of("replayed", "finished")) {
      sum.put(figure, sum.path(figure).asLong() + reply.path(figure).asLong());
    }
    if (!sum.has("already")) {
      sum.set("already", reply.path("already"));
    }
    for (String last : List.of("tenant", "pipeline", "stayed", "reasons", "more")) {
      sum.set(last, reply.path(last));
    }
  }

  private void print(JsonNode sum) {
    shell
        .out()
        .println(
            "%s: rows sent back %d, sent back before %d, staying %d"
                .formatted(
                    Names.of(sum),
                    sum.path("replayed").asLong() + sum.path("finished").asLong(),
                    sum.path("already").asLong(),
                    sum.path("stayed").asLong()));
    sum.path("reasons")
        .forEach(
            row ->
                shell
                    .out()
                    .println(
                        "  " + row.path("position").asText() + ": " + row.path("why").asText()));
  }
}
