package io.sagitta.definition;

import io.sagitta.definition.options.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks declared columns, and names of columns where it is known which there are. */
final class ColumnChecks {
  /** Columns that every windowed input has. */
  private static final Set<String> WINDOW_COLUMNS = Set.of("window_start", "window_end");

  static final String EVENT_TIME = "event_time";

  private final Draft draft;
  private final Columns columns;

  ColumnChecks(Draft draft) {
    this.draft = draft;
    columns = new Columns(draft);
  }

  void check() {
    draft.good("sources", Source.class).forEach(this::source);
    draft.good("tables", Table.class).forEach(this::table);
    draft.good("stages", Stage.class).forEach(this::stage);
    draft.good("sinks", Sink.class).forEach(this::sink);
    draft
        .good("streams", Stream.class)
        .forEach((name, stream) -> ofInputs("streams", name, stream.inputs(), "key", stream.key()));
  }

  private void source(String name, Source source) {
    String path = Draft.path("sources", name);
    Optional<String> time = source.eventTime().map(EventTime::field);
    schema(path, source.schema(), time, source instanceof PulsarSource);
    key(path, source.schema(), source.key());
    time.ifPresent(field -> eventTime(path + ".event_time.field", source.schema(), field));
  }

  private void table(String name, Table table) {
    String path = Draft.path("tables", name);
    schema(path, table.schema(), Optional.empty(), false);
    key(path, table.schema(), table.key());
  }

  /**
   * Checks declared columns.
   *
   * @param ofWindows whether rows may come from a windowed stage and have its columns
   */
  private void schema(String path, Schema schema, Optional<String> eventTime, boolean ofWindows) {
    if (schema.fields().isEmpty()) {
      draft.error(path + ".schema", "'schema' must hold at least one column");
    }
    Map<String, String> seen = new HashMap<>();
    for (Field field : schema.fields()) {
      String at = path + ".schema." + field.name();
      String lower = field.name().toLowerCase(Locale.ROOT);
      String twin = seen.put(lower, field.name());
      if (twin != null) {
        draft.error(at, "the columns '%s' and '%s' are one in SQL. Rename one", twin, field.name());
      }
      boolean isWindows = ofWindows && WINDOW_COLUMNS.contains(field.name());
      if (field.name().startsWith("__") || (WINDOW_COLUMNS.contains(lower) && !isWindows)) {
        draft.error(at, "the column name '%s' is reserved. Rename it", field.name());
      } else if (isWindows && field.type().kind() != DataType.Kind.TIMESTAMP) {
        draft.error(
            at + ".type",
            "'%s' is a window's and so a timestamp, not %s",
            field.name(),
            field.type());
      }
      boolean isEventTime = eventTime.isPresent() && eventTime.get().equals(EVENT_TIME);
      if (lower.equals(EVENT_TIME) && !isEventTime) {
        draft.error(
            at,
            "the column name 'event_time' is kept for the event time. Rename it, or make it that"
                + " with 'event_time: {field: event_time}'");
      }
      if (field.unit().isPresent() && !field.type().isNumeric()) {
        draft.error(
            at + ".unit", "only numbers have a unit, and '%s' is %s", field.name(), field.type());
      }
    }
  }

  private void key(String path, Schema schema, List<String> key) {
    List<String> names = schema.fields().stream().map(Field::name).toList();
    for (int i = 0; i < key.size(); i++) {
      if (!names.contains(key.get(i))) {
        draft.error(
            path + ".key[" + i + "]",
            "'schema' declares no column '%s'.%s",
            key.get(i),
            Nearest.hint(key.get(i), names));
      }
    }
  }

  private void eventTime(String path, Schema schema, String name) {
    Optional<Field> field = schema.field(name);
    if (field.isEmpty()) {
      List<String> names = schema.fields().stream().map(Field::name).toList();
      draft.error(path, "'schema' declares no column '%s'.%s", name, Nearest.hint(name, names));
    } else if (field.get().type().kind() != DataType.Kind.TIMESTAMP) {
      draft.error(
          path, "the event time must be a timestamp, and '%s' is %s", name, field.get().type());
    }
  }

  private void stage(String name, Stage stage) {
    if (stage instanceof DedupeStage dedupe) {
      ofInputs("stages", name, dedupe.inputs(), "key", dedupe.key());
    } else if (stage instanceof SqlStage sql) {
      ofInputs("stages", name, sql.inputs(), "key", sql.key());
    }
  }

  private void sink(String name, Sink sink) {
    if (sink instanceof JdbcSink jdbc) {
      ofInputs("sinks", name, jdbc.inputs(), "key", jdbc.key());
    } else if (sink instanceof ParquetSink parquet) {
      List<String> names =
          parquet.partitionBy().stream()
              .map(p -> p.substring(p.indexOf('(') + 1).replace(")", ""))
              .toList();
      ofInputs("sinks", name, parquet.inputs(), "partition_by", names);
    }
  }

  private void ofInputs(
      String section, String name, List<String> inputs, String option, List<String> wanted) {
    for (String input : inputs) {
      Optional<List<String>> known = columns.of(input);
      for (int i = 0; known.isPresent() && i < wanted.size(); i++) {
        String column = wanted.get(i);
        if (known.get().stream().noneMatch(column::equalsIgnoreCase)) {
          draft.error(
              Draft.path(section, name) + "." + option + "[" + i + "]",
              "the input '%s' has no column '%s'.%s",
              input,
              column,
              Nearest.hint(column, new ArrayList<>(known.get())));
        }
      }
    }
  }
}
