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
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Runs the tests of definitions. Apart from its command, which every start of the CLI loads. */
final class TestRuns {
  private static final long ENGINE_BYTES = 1L << 30;

  private TestRuns() {}

  /** Returns what became of each test of {@code checked}, which are valid. */
  static ArrayNode results(List<CheckedDefinition> checked) {
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
    return results;
  }

  /** Returns the file tables that some test does not give itself. */
  private static Map<String, byte[]> tables(CheckedDefinition checked) {
    return TableSnapshots.load(
        checked,
        (name, table) -> table instanceof FileTable && !everyTestGives(checked.definition(), name),
        Here.beside(checked.file()).reach());
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
}
