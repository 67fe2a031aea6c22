package io.sagitta.engine.plan;

import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.definition.Stage;
import io.sagitta.engine.WireSchemas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;

/** Everything that SQL can name, with the columns known so far; broken stages have none. */
final class Relations {
  private final Spec spec;
  private final Map<String, Schema> schemas = new LinkedHashMap<>();
  private final Map<String, String> queries = new LinkedHashMap<>();

  Relations(Spec spec) {
    this.spec = spec;
    for (Map.Entry<String, Source> source : spec.sources().entrySet()) {
      schemas.put(source.getKey(), WireSchemas.logical(source.getValue()));
    }
    spec.tables().forEach((name, table) -> schemas.put(name, WireSchemas.of(table.schema())));
  }

  /** Records the columns of a stage without a query. */
  void put(String stage, Schema schema) {
    schemas.put(stage, schema);
  }

  /** Records the columns and the query of a stage. */
  void put(String stage, Schema schema, String query) {
    schemas.put(stage, schema);
    queries.put(stage, query);
  }

  /** Returns the columns of {@code name}; empty if it is unknown or broken. */
  Optional<Schema> schema(String name) {
    return Optional.ofNullable(schemas.get(name));
  }

  Map<String, Schema> schemas() {
    return schemas;
  }

  Map<String, String> queries() {
    return queries;
  }

  /** Returns the names of all sources and stages. */
  List<String> inputNames() {
    List<String> names = new ArrayList<>(spec.sources().keySet());
    names.addAll(spec.stages().keySet());
    return names;
  }

  /** Returns the stages, upstream first. */
  static Map<String, Stage> upstreamFirst(Spec spec) {
    Map<String, Stage> done = new LinkedHashMap<>();
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Map.Entry<String, Stage> stage : spec.stages().entrySet()) {
        boolean ready =
            stage.getValue().inputs().stream()
                .allMatch(i -> !spec.stages().containsKey(i) || done.containsKey(i));
        if (ready && done.putIfAbsent(stage.getKey(), stage.getValue()) == null) {
          grew = true;
        }
      }
    }
    return done;
  }
}
