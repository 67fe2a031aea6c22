package io.sagitta.engine;

import io.sagitta.definition.PipelineDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * How a definition runs: its stages cut into chains, and the columns of everything that SQL sees.
 *
 * @param chains in an order in which upstream comes first
 * @param schemas columns by source, table and stage, {@code event_time} included for sources and
 *     stages
 */
public record Plan(PipelineDefinition definition, List<Chain> chains, Map<String, Schema> schemas) {
  public Plan {
    chains = List.copyOf(chains);
    schemas = Map.copyOf(schemas);
  }

  /** Returns the chain called {@code name}. */
  public Optional<Chain> chain(String name) {
    return chains.stream().filter(c -> c.name().equals(name)).findFirst();
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
