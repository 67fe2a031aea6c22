package io.sagitta.engine.plan;

import io.sagitta.definition.DataType;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.Field;
import io.sagitta.definition.Schema;
import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.definition.Table;
import io.sagitta.engine.WireSchemas;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks the declared columns of sources and tables, before any SQL is bound to them. */
final class DeclarationCheck {
  private final Spec spec;
  private final Findings findings;

  DeclarationCheck(Spec spec, Findings findings) {
    this.spec = spec;
    this.findings = findings;
  }

  void check() {
    spec.sources().forEach(this::source);
    spec.tables().forEach(this::table);
  }

  private void source(String name, Source source) {
    String path = "spec.sources." + name;
    columns(path, source.schema());
    source.eventTime().ifPresent(time -> eventTime(path, source.schema(), time));
    String timeField = source.eventTime().map(EventTime::field).orElse("");
    if (source.schema().field(WireSchemas.EVENT_TIME).isPresent()
        && !timeField.equals(WireSchemas.EVENT_TIME)) {
      findings.error(
          path + ".schema." + WireSchemas.EVENT_TIME,
          "Every source has a column 'event_time' already. Rename this one, or make it the event"
              + " time with event_time: {field: event_time}.");
    }
    keys(path + ".key", source.key(), source.schema());
  }

  private void table(String name, Table table) {
    String path = "spec.tables." + name;
    columns(path, table.schema());
    keys(path + ".key", table.key(), table.schema());
  }

  private void columns(String path, Schema schema) {
    Map<String, String> seen = new HashMap<>();
    for (Field field : schema.fields()) {
      String at = path + ".schema." + field.name();
      String twin = seen.put(Names.folded(field.name()), field.name());
      if (twin != null) {
        findings.error(
            at,
            "Columns '"
                + twin
                + "' and '"
                + field.name()
                + "' are the same to SQL, which ignores case. Rename one.");
      }
      if (field.name().startsWith("__")) {
        findings.error(at, "Columns that start with '__' are the engine's own. Rename it.");
      }
      field.unit().ifPresent(unit -> unit(at, field, unit));
    }
  }

  private void unit(String at, Field field, String unit) {
    if (UnitSymbols.find(unit).isEmpty()) {
      findings.error(at + ".unit", UnitSymbols.unknown(unit));
    } else if (!field.type().isNumeric()) {
      findings.error(
          at + ".unit",
          "Column '"
              + field.name()
              + "' is a "
              + field.type()
              + ", and only numbers have units. Make it a double, or drop the unit.");
    }
  }

  private void eventTime(String path, Schema schema, EventTime time) {
    var field = schema.field(time.field());
    String at = path + ".event_time.field";
    if (field.isEmpty()) {
      findings.error(
          at,
          "Unknown column '" + time.field() + "'." + Names.suggestion(time.field(), names(schema)));
    } else if (field.get().type().kind() != DataType.Kind.TIMESTAMP) {
      findings.error(
          at,
          "The event time must be a timestamp, and '"
              + time.field()
              + "' is a "
              + field.get().type()
              + ". Declare it as {type: timestamp}.");
    }
  }

  private void keys(String at, List<String> keys, Schema schema) {
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      if (schema.field(key).isEmpty()) {
        findings.error(
            at + "[" + i + "]",
            "Unknown column '" + key + "'." + Names.suggestion(key, names(schema)));
      }
    }
  }

  private static List<String> names(Schema schema) {
    return schema.fields().stream().map(Field::name).toList();
  }
}
