package io.sagitta.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.definition.DefinitionTest;
import io.sagitta.definition.FileTable;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Problem;
import io.sagitta.engine.run.DefinitionTests;
import io.sagitta.engine.run.DuckEngine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
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
  private static final long ENGINE_BYTES = 1L << 30;

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
    ArrayNode results = Json.array(List.of());
    try (Scratch scratch = Scratch.create();
        BufferAllocator allocator = new RootAllocator();
        DuckEngine engine = new DuckEngine(ENGINE_BYTES)) {
      DefinitionTests tests = new DefinitionTests(engine, allocator, scratch.folder());
      for (CheckedDefinition definition : checked) {
        for (DefinitionTests.Outcome outcome :
            tests.run(definition.plan().orElseThrow(), tables(definition))) {
          results.add(result(definition, outcome));
        }
      }
    }
    return report(results);
  }

  /** Returns the file tables that some test does not give itself. */
  private static Map<String, byte[]> tables(CheckedDefinition checked) {
    return TableSnapshots.load(
        checked,
        (name, table) -> table instanceof FileTable && !everyTestGives(checked.definition(), name));
  }

  private static boolean everyTestGives(PipelineDefinition definition, String table) {
    return definition.tests().stream()
        .allMatch(
            t ->
                t.given().stream()
                    .anyMatch(
                        s -> s instanceof DefinitionTest.Rows rows && rows.name().equals(table)));
  }

  private static ObjectNode result(CheckedDefinition checked, DefinitionTests.Outcome outcome) {
    Problem at = checked.locations().error(outcome.path(), "");
    ObjectNode result =
        Json.object()
            .put("pipeline", checked.definition().metadata().id())
            .put("test", outcome.test())
            .put("file", at.file())
            .put("line", at.line())
            .put("passed", outcome.passed());
    ArrayNode differences = result.putArray("differences");
    for (DefinitionTests.Difference difference : outcome.differences()) {
      Problem place = checked.locations().error(difference.path(), "");
      differences
          .addObject()
          .put("line", place.line())
          .put("column", place.column())
          .put("row", difference.row())
          .put("field", difference.column())
          .put("expected", difference.expected())
          .put("actual", difference.actual());
    }
    return result;
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
