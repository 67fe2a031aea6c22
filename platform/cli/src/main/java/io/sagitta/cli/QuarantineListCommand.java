package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sagitta quarantine list}: the rows that failed, and why. */
@Command(
    name = "list",
    description = {
      "Prints the rows in a pipeline's quarantine, oldest first, and how many there are by stage and",
      "reason. Sensitive values are masked."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta quarantine list aviation/flights-on-time",
      "  sagitta quarantine list aviation/flights-on-time --reason 'distance is positive' --json",
    })
final class QuarantineListCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Option(names = "--reason", paramLabel = "REASON", description = "Only rows with this reason.")
  private @Nullable String reason;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "Only rows that failed at this source or stage.")
  private @Nullable String stage;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "List so many rows (default: ${DEFAULT-VALUE}, at most 1000).")
  private int limit;

  @Option(
      names = "--after",
      paramLabel = "POSITION",
      description = "Only rows behind this one, such as the last one of a list.")
  private @Nullable String after;

  @Option(
      names = "--unmask",
      description = "Show sensitive columns: takes the role custodian, and is recorded.")
  private boolean unmask;

  @Parameters(paramLabel = "PIPELINE", description = "tenant/name, or the name alone.")
  private String pipeline = "";

  QuarantineListCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    ControlClient client = control.connect(shell);
    JsonNode list =
        client.get(
            client.pipelinePath(pipeline)
                + "/quarantine?limit="
                + limit
                + parameter("reason", reason)
                + parameter("stage", stage)
                + parameter("after", after)
                + (unmask ? "&unmask=true" : ""));
    if (common.json()) {
      shell.out().println(Json.pretty(list));
    } else {
      print(list);
    }
    return ExitCodes.OK;
  }

  private static String parameter(String name, @Nullable String value) {
    return Optional.ofNullable(value)
        .map(v -> "&" + name + "=" + URLEncoder.encode(v, StandardCharsets.UTF_8))
        .orElse("");
  }

  private void print(JsonNode list) {
    if (list.path("counts").isEmpty()) {
      shell.out().println("No rows are in quarantine.");
      return;
    }
    TextTable counts = new TextTable("STAGE", "REASON", "ROWS");
    for (JsonNode c : list.path("counts")) {
      counts.row(c.path("stage").asText(), c.path("reason").asText(), c.path("rows").asText());
    }
    counts.lines("").forEach(line -> shell.out().println(shell.styled(line)));
    for (JsonNode row : list.path("rows")) {
      shell.out().println();
      printRow(row);
    }
    if (!list.path("complete").asBoolean()) {
      shell.err().println("There are more rows than were counted.");
    }
  }

  private void printRow(JsonNode row) {
    shell
        .out()
        .println(
            row.path("position").asText()
                + "  "
                + row.path("stage").asText()
                + ": "
                + row.path("reason").asText()
                + (row.hasNonNull("detail") ? ", " + row.path("detail").asText() : "")
                + (row.hasNonNull("eventTime") ? "  of " + row.path("eventTime").asText() : ""));
    shell
        .out()
        .println(
            "  "
                + (row.hasNonNull("row")
                    ? Json.line(row.path("row"))
                    : "bytes in Base64: " + row.path("raw").asText()));
    String words = row.path("words").asText();
    String state = row.path("state").asText().toLowerCase(Locale.ROOT);
    shell.out().println("  " + state + (words.isEmpty() ? "" : ": " + words));
  }
}
