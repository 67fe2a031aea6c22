package io.sagitta.definition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which columns sources and stages have, as far as that is known without planning SQL. */
final class Columns {
  private final Map<String, Source> sources;
  private final Map<String, Table> tables;
  private final Map<String, Stage> stages;
  private final Map<String, Optional<List<String>>> found = new HashMap<>();

  Columns(Draft draft) {
    sources = draft.good("sources", Source.class);
    tables = draft.good("tables", Table.class);
    stages = draft.good("stages", Stage.class);
  }

  /** Returns the columns of a source or stage, {@code event_time} included; empty if unknown. */
  Optional<List<String>> of(String name) {
    List<String> walked = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String at = name;
    while (stages.containsKey(at) && !found.containsKey(at) && seen.add(at)) {
      walked.add(at);
      at = Optional.ofNullable(stages.get(at)).map(Columns::whoseColumns).orElse("");
    }
    Optional<List<String>> columns = found.getOrDefault(at, ofSource(at));
    walked.forEach(stage -> found.put(stage, columns));
    return columns;
  }

  /** Returns the input whose columns a stage keeps, or nothing's name. */
  private static String whoseColumns(Stage stage) {
    boolean keeps = !(stage instanceof SqlStage) && stage.inputs().size() == 1;
    return keeps ? stage.inputs().get(0) : "";
  }

  private Optional<List<String>> ofSource(String name) {
    Source source = sources.get(name);
    if (source == null || source.schema().fields().isEmpty()) {
      return Optional.empty();
    }
    List<String> columns = declared(source.schema());
    columns.add(ColumnChecks.EVENT_TIME);
    return Optional.of(columns);
  }

  /** Returns the columns that rows given to a source, table or stage may have. */
  Optional<List<String>> given(String name) {
    Table table = tables.get(name);
    return table == null ? of(name) : Optional.of(declared(table.schema()));
  }

  private static List<String> declared(Schema schema) {
    return new ArrayList<>(schema.fields().stream().map(Field::name).toList());
  }
}
