package io.sagitta.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.definition.options.Nearest;
import io.sagitta.policy.Action;
import io.sagitta.policy.Decision.Allowed;
import io.sagitta.policy.Decision.Reason;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Resource;
import io.sagitta.policy.Subject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sagitta security who-can}: who may do something, and the rules that say so. */
@Command(
    name = "who-can",
    description = {
      "Prints every person, service and pipeline that the policy lets do ACTION to OBJECT,",
      "each with the rules that say so. Whoever is not printed may not."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sagitta security who-can read aviation/flights-on-time/punctuality",
      "  sagitta security who-can apply aviation/flights-on-time --json",
      "  sagitta security who-can audit aviation",
      "  sagitta security who-can administer platform",
    })
final class SecurityWhoCanCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final PolicyOption policy = new PolicyOption();

  @Parameters(
      index = "0",
      paramLabel = "ACTION",
      description =
          "On a stream: read. On a source: write. On a pipeline: view, tap, unmask, pause, replay,"
              + " rollback, plan, apply, delete. On a tenant: audit. On the platform: inspect,"
              + " administer.")
  private String action = "";

  @Parameters(
      index = "1",
      paramLabel = "OBJECT",
      description = "tenant/pipeline/stream-or-source, tenant/pipeline, tenant, or 'platform'.")
  private String object = "";

  SecurityWhoCanCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    Action asked = action();
    Resource resource = resource(asked);
    Policy rules = policy.checked(shell, common, "Nothing was answered");
    checkTenant(rules, resource);
    Map<Subject, Allowed> may = rules.whoCan(asked, resource);
    if (common.json()) {
      shell.out().println(Json.pretty(json(asked, resource, may)));
    } else if (may.isEmpty()) {
      shell.out().println("Nobody may " + asked.word() + " " + resource + ": no rule says so.");
    } else {
      print(may);
    }
    return ExitCodes.OK;
  }

  private Action action() {
    List<String> words = Action.all().stream().map(Action::word).toList();
    return Action.named(action)
        .orElseThrow(
            () -> {
              String hint = Nearest.hint(action, words);
              return CommandFailure.usage(
                  "There is no action '%s'.%s"
                      .formatted(action, hint.isEmpty() ? Nearest.all(words) : hint));
            });
  }

  private Resource resource(Action asked) {
    return Resource.of(asked, object)
        .orElseThrow(
            () ->
                CommandFailure.usage(
                    "'%s' is done to a %s, and '%s' names none. Write %s."
                        .formatted(
                            asked.word(), Resource.noun(asked), object, Resource.form(asked))));
  }

  private static void checkTenant(Policy rules, Resource resource) {
    String tenant = resource.toString().split("/", 2)[0];
    if (!(resource instanceof Resource.Platform) && !rules.tenants().containsKey(tenant)) {
      throw CommandFailure.usage(
          "The policy has no tenant '%s'.%s"
              .formatted(tenant, Nearest.hint(tenant, rules.tenants().keySet())));
    }
  }

  private void print(Map<Subject, Allowed> may) {
    TextTable table = new TextTable("WHO", "RULE", "SAYS");
    may.forEach(
        (subject, allowed) -> {
          String who = subject.toString();
          for (Reason reason : allowed.reasons()) {
            table.row(who, reason.rule().place(), reason.rule().text() + through(reason));
            who = "";
          }
        });
    table.lines("").forEach(line -> shell.out().println(shell.styled(line)));
  }

  private static String through(Reason reason) {
    return reason.through().isEmpty()
        ? ""
        : " (through " + String.join(", ", reason.through()) + ")";
  }

  private static ObjectNode json(Action asked, Resource resource, Map<Subject, Allowed> may) {
    ObjectNode answer =
        Json.object().put("action", asked.word()).put("object", resource.toString());
    ArrayNode subjects = answer.putArray("subjects");
    ArrayNode pipelines = answer.putArray("pipelines");
    may.forEach(
        (subject, allowed) -> {
          ObjectNode one =
              subject instanceof Subject.Pipeline
                  ? pipelines.addObject()
                  : subjects.addObject().put("kind", subject.toString().split(" ", 2)[0]);
          one.put("name", subject.name());
          ArrayNode rules = one.putArray("rules");
          for (Reason reason : allowed.reasons()) {
            rules
                .addObject()
                .put("file", reason.rule().file())
                .put("line", reason.rule().line())
                .put("rule", reason.rule().text())
                .set("through", Json.array(reason.through()));
          }
        });
    return answer;
  }
}
