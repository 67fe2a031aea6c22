package io.sagitta.definition;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of a definition's own tests.
 *
 * @param given what happens, in this order
 * @param endOfInput whether every source ends after {@code given}, so that all windows close
 * @param expect rows by stage or stream; a row need not name every column. Two names are special:
 *     {@code late} and {@code quarantined}, whose rows have {@code stage} and {@code reason}
 * @param path where the test stands in the file, for messages; rows of {@code expect} stand at
 *     {@code path.expect.name[i]}
 */
public record DefinitionTest(
    String name,
    List<Step> given,
    boolean endOfInput,
    Map<String, List<Map<String, @Nullable Object>>> expect,
    String path) {
  public DefinitionTest {
    given = List.copyOf(given);
    expect = OrderedMap.copyOf(expect);
  }

  /** One thing that happens in a test. */
  public sealed interface Step {}

  /**
   * Rows arrive, as one batch.
   *
   * @param name a source, a table (its whole content), or a stage (in place of its output)
   * @param rows values are String, Long, Double, BigDecimal, Boolean or null
   * @param path where the rows stand in the file; a row stands at {@code path[i]}
   */
  public record Rows(String name, List<Map<String, @Nullable Object>> rows, String path)
      implements Step {
    public Rows {
      rows = rows.stream().map(DefinitionTest::copyOfRow).toList();
    }
  }

  /** The source goes idle: until its next row it holds no window open. */
  public record Idle(String source) implements Step {}

  /** The source ends: no row of it follows. */
  public record End(String source) implements Step {}

  /**
   * The clock of the test moves on to {@code time}, and every source ticks: rows that follow arrive
   * at it, and a source whose {@code idle_after} has passed since its last row goes idle. A test
   * starts at 1970-01-01T00:00:00Z.
   */
  public record Tick(Instant time) implements Step {}

  private static Map<String, @Nullable Object> copyOfRow(Map<String, @Nullable Object> row) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(row));
  }
}
