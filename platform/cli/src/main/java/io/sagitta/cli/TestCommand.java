package io.sagitta.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sagitta test}: runs the tests that definitions bring along, in memory. */
@Command(
    name = "test",
    description = {
      "Runs the tests in pipeline files, in memory: no server, no sinks, no network.",
      "A failure names the expectation's place, the column, what was expected and what came."
    },
    footerHeading = "%nExample:%n",
    footer = "  sagitta test pipeline-defs/")
final class TestCommand implements Callable<Integer> {
  private final Shell shell;

  @Mixin private final CommonOptions common = new CommonOptions();
  @Mixin private final FileParameters parameters = new FileParameters();

  TestCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    List<CheckedDefinition> checked =
        ApplyRequests.check(shell, common, parameters.files(), "Nothing was tested");
    return report(TestRuns.results(checked));
  }

  private int report(ArrayNode results) {
    long failed = 0;
    for (var result : results) {
      if (!result.path("passed").asBoolean()) {
        failed++;
      }
    }
    if (common.json()) {
      shell
          .out()
          .println(
              Json.pretty(
                  Json.object()
                      .put("passed", results.size() - failed)
                      .put("failed", failed)
                      .set("tests", results)));
    } else {
      results.forEach(r -> TestText.of(r).forEach(line -> shell.out().println(shell.styled(line))));
      shell
          .out()
          .println(
              results.isEmpty()
                  ? "There are no tests: add some under 'tests:'."
                  : (results.size() - failed) + " passed, " + failed + " failed");
    }
    return failed == 0 ? ExitCodes.OK : ExitCodes.REFUSED;
  }
}
