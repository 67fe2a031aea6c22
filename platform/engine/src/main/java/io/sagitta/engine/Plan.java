package io.sagitta.engine;

import io.sagitta.definition.PipelineDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * How a definition runs: its stages cut into chains, and the columns of everything that SQL sees.
 *
 * @param chains in an order in which upstream comes first
 * @param schemas columns by source, table and stage, {@code event_time} included for sources and
 *     stages
 * @param queries by stage, the SELECT that the engine runs. It reads inputs and tables under their
 *     names. A row-local stage's yields the columns of its schema in that order; a clean stage's
 *     one more, last, {@code __reason}: the expectation that the row breaks, or NULL. A windowed
 *     stage's inputs have {@code window_start} and {@code window_end}; it yields the columns of its
 *     schema but {@code window_start}, {@code window_end} and {@code event_time}, which the runner
 *     adds. A dedupe stage has none.
 */
public record Plan(
    PipelineDefinition definition,
    List<Chain> chains,
    Map<String, Schema> schemas,
    Map<String, String> queries) {
  public Plan {
    chains = List.copyOf(chains);
    schemas = Map.copyOf(schemas);
    queries = Map.copyOf(queries);
  }

  /** Returns the chain called {@code name}. */
  public Optional<Chain> chain(String name) {
    return chains.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /**
   * Returns the names of all columns whose values nobody may see without a right to: those that a
   * source or table declares {@code sensitive: true}, and what queries make of them.
   */
  public Set<String> sensitive() {
    Set<String> names = new TreeSet<>();
    for (Schema schema : schemas.values()) {
      for (Field field : schema.getFields()) {
        if (WireSchemas.isSensitive(field)) {
          names.add(field.getName());
        }
      }
    }
    return names;
  }

  /** Returns the columns of source, table or stage {@code name}. */
  public Schema schema(String name) {
    Schema schema = schemas.get(name);
    if (schema == null) {
      throw new IllegalArgumentException("No source, table or stage is called " + name);
    }
    return schema;
  }
}
