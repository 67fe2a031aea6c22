package io.sagitta.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sagitta security plan}: how a policy differs from the one in force. */
@Command(
    name = "plan",
    description = {
      "Says which files of a policy differ from those in force, line by line.",
      "Needs 'inspect' on the platform. Ends with 1 if anything differs."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta security plan security/ --as grace")
final class SecurityPlanCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final ControlOptions control = new ControlOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "The folder with the policy's files (default: security).")
  private Path folder = Path.of(PolicyFolder.USUAL);

  SecurityPlanCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    PolicyFolder.read(folder).checked(shell, common, "Nothing to plan");
    ControlClient client = control.connect(shell);
    JsonNode inForce = client.get("/api/v1/security/policy");
    JsonNode grants = client.get("/api/v1/security/grants");
    Map<String, String> before = new TreeMap<>();
    inForce.path("files").properties().forEach(f -> before.put(f.getKey(), f.getValue().asText()));
    Map<String, String> after = PolicyFolder.texts(folder);
    ObjectNode report = Json.object().put("number", inForce.path("number").asLong());
    ArrayNode changes = report.putArray("changes");
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      LineDifference difference =
          LineDifference.of(before.getOrDefault(name, ""), after.getOrDefault(name, ""));
      if (!difference.isEmpty()) {
        ObjectNode change = changes.addObject().put("file", name);
        change.set("gone", Json.array(difference.gone()));
        change.set("come", Json.array(difference.come()));
      }
    }
    report.set("pulsar", grants);
    print(report);
    return changes.isEmpty() && grants.path("differences").isEmpty()
        ? ExitCodes.OK
        : ExitCodes.REFUSED;
  }

  /** Returns what a report of control says about Pulsar's grants. */
  static List<String> grantLines(JsonNode report) {
    if (!report.path("locked").asBoolean()) {
      return List.of("Pulsar lets everybody in: it has no grants");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        report.path("differences").isEmpty()
            ? "Pulsar grants what it should"
            : "Pulsar's grants differ:");
    report.path("differences").forEach(line -> lines.add("  " + line.asText()));
    return lines;
  }

  private void print(ObjectNode report) {
    if (common.json()) {
      shell.out().println(Json.pretty(report));
      return;
    }
    if (report.path("changes").isEmpty()) {
      shell.out().println("no change: policy " + report.path("number").asLong() + " is in force");
    }
    for (JsonNode change : report.path("changes")) {
      shell.out().println(shell.styled("@|bold " + change.path("file").asText() + "|@"));
      change.path("gone").forEach(l -> shell.out().println("  - " + l.asText()));
      change.path("come").forEach(l -> shell.out().println("  + " + l.asText()));
    }
    grantLines(report.path("pulsar")).forEach(shell.out()::println);
  }
}
