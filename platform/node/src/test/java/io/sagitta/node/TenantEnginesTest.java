package io.sagitta.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.ReadResult;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import io.sagitta.engine.plan.Planner;
import io.sagitta.engine.run.DefinitionTests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TenantEnginesTest {
  private static final long MIB = 1 << 20;

  /** Whose query has some 360,000 pairs in its hands, of a hundred bytes each. */
  private static final String HEAVY =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: pairs, tenant: sky}
      spec:
        mode: batch
        sources:
          names:
            type: file
            path: names.csv
            schema: {name: {type: string}}
        stages:
          pairs:
            type: sql
            inputs: [names]
            key: []
            query: SELECT count(DISTINCT a.name || b.name) AS n FROM names a JOIN names b ON a.name >= '' AND b.name >= ''
        streams:
          out: {inputs: [pairs]}
      tests:
        - name: all pairs
          given: {names: [%s]}
          expect: {pairs: [{n: 360000}]}
      """
          .formatted(
              IntStream.range(0, 600)
                  .mapToObj(i -> "{name: %s%03d}".formatted("x".repeat(50), i))
                  .collect(Collectors.joining(", ")));

  private final Map<String, Long> quotas = new ConcurrentHashMap<>(Map.of("sky", 8 * MIB));
  private final Path scratch;

  TenantEnginesTest(@TempDir Path scratch) {
    this.scratch = scratch;
  }

  @Test
  void of_tenantBeyondItsQuota_failsAlone_untilItsQuotaAllowsMore() {
    try (TenantEngines engines = engines()) {
      assertThat(differences(engines.of("sky")))
          .contains("Out of Memory Error", "or quota.memory of the tenant");
      assertThat(differences(engines.of("sea"))).isEmpty();
      assertThat(engines.of("sea")).isSameAs(engines.of("land"));
      assertThat(engines.of("sky")).isSameAs(engines.of("sky")).isNotSameAs(engines.of("sea"));

      quotas.put("sky", 200 * MIB);
      assertThat(differences(engines.of("sky"))).isEmpty();
    }
  }

  private TenantEngines engines() {
    return new TenantEngines(256 * MIB, tenant -> Optional.ofNullable(quotas.get(tenant)));
  }

  private String differences(Engine engine) {
    ReadResult read = DefinitionReader.read("pairs.yaml", HEAVY.getBytes(StandardCharsets.UTF_8));
    Plan plan =
        new Planner().plan(read.definition().orElseThrow(), read.locations()).plan().orElseThrow();
    try (BufferAllocator allocator = new RootAllocator()) {
      return new DefinitionTests(engine, allocator, scratch)
          .run(plan, Map.of()).stream()
              .map(DefinitionTests.Outcome::differences)
              .flatMap(List::stream)
              .map(Object::toString)
              .collect(Collectors.joining("; "));
    }
  }
}
