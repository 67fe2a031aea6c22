package io.sagitta.engine.run;

import io.sagitta.definition.DefinitionTest;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Runs a definition's own tests, in memory: rows are read as ingest reads them and go through the
 * planned chains, one task each. A stage whose rows are given stands for a source.
 */
public final class DefinitionTests {
  private final Engine engine;
  private final BufferAllocator allocator;
  private final Path scratch;

  /**
   * What became of one test.
   *
   * @param path where the test stands in the file
   * @param differences empty if it passed
   */
  public record Outcome(String test, String path, List<Difference> differences) {
    public Outcome {
      differences = List.copyOf(differences);
    }

    /** Returns whether the test passed. */
    public boolean passed() {
      return differences.isEmpty();
    }
  }

  /**
   * Something that is not as expected.
   *
   * @param path where the expectation stands in the file
   * @param row number of the row under {@code expect}, from 0; −1 if it is about no single one
   * @param column empty if it is about the whole row
   * @param expected as text
   * @param actual as text
   */
  public record Difference(String path, int row, String column, String expected, String actual) {
    @Override
    public String toString() {
      String what = column.isEmpty() ? "" : "column '" + column + "' ";
      return path + ": " + what + "expected " + expected + ", got " + actual;
    }
  }

  /**
   * Prepares to run tests.
   *
   * @param scratch an existing folder for rows that do not fit memory
   */
  public DefinitionTests(Engine engine, BufferAllocator allocator, Path scratch) {
    this.engine = engine;
    this.allocator = allocator;
    this.scratch = scratch;
  }

  /**
   * Runs all tests of {@code plan}'s definition.
   *
   * @param tables rows by table as Arrow IPC streams, for tests that do not give them; a table that
   *     is in neither is empty
   * @return by test, in the order of the file
   */
  public List<Outcome> run(Plan plan, Map<String, byte[]> tables) {
    List<Outcome> outcomes = new ArrayList<>();
    for (DefinitionTest test : plan.definition().tests()) {
      outcomes.add(new Outcome(test.name(), test.path(), run(plan, test, tables)));
    }
    return outcomes;
  }

  private List<Difference> run(Plan plan, DefinitionTest test, Map<String, byte[]> tables) {
    Set<String> givenStages = new HashSet<>();
    for (DefinitionTest.Step step : test.given()) {
      if (step instanceof DefinitionTest.Rows rows
          && plan.definition().spec().stages().containsKey(rows.name())) {
        givenStages.add(rows.name());
      }
    }
    try {
      Plan tested = givenStages.isEmpty() ? plan : GivenStages.asSources(plan, givenStages);
      TestRows rows = new TestRows(tested, allocator);
      Map<String, byte[]> allTables = new HashMap<>(rows.tables(test));
      tables.forEach(allTables::putIfAbsent);
      tested
          .definition()
          .spec()
          .tables()
          .forEach((name, table) -> allTables.computeIfAbsent(name, n -> rows.none(table)));
      try (MemoryPipeline pipeline =
          new MemoryPipeline(engine, tested, allTables, allocator, scratch)) {
        pipeline.run(test, rows);
        return new Expectations(plan, pipeline.results()).check(test);
      }
    } catch (EngineException e) {
      return List.of(
          new Difference(test.path(), -1, "", "no failure", String.valueOf(e.getMessage())));
    }
  }
}
