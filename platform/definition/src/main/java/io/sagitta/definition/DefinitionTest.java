package io.sagitta.definition;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of a definition's own tests.
 *
 * @param given rows by source, stage or table, in order of arrival; values are String, Long,
 *     Double, BigDecimal, Boolean or null
 * @param expect rows by stage or stream; a row need not name every column. Two names are special:
 *     {@code late} and {@code quarantined}, whose rows have {@code stage} and {@code reason}
 * @param path where the test stands in the file, for messages
 */
public record DefinitionTest(
    String name,
    Map<String, List<Map<String, @Nullable Object>>> given,
    Map<String, List<Map<String, @Nullable Object>>> expect,
    String path) {
  public DefinitionTest {
    given = OrderedMap.copyOf(given);
    expect = OrderedMap.copyOf(expect);
  }
}
