package io.sagitta.engine.plan;

import io.sagitta.definition.JdbcSink;
import io.sagitta.definition.ParquetSink;
import io.sagitta.definition.Sink;
import io.sagitta.definition.Spec;
import io.sagitta.definition.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Checks streams and sinks against the columns of what they publish. */
final class OutletCheck {
  private static final Pattern PART_OF_TIME = Pattern.compile("(\\w+)\\((.+)\\)");
  private static final List<String> PARTS = List.of("year", "month", "day", "hour");

  private final Spec spec;
  private final Relations relations;
  private final Findings findings;

  OutletCheck(Spec spec, Relations relations, Findings findings) {
    this.spec = spec;
    this.relations = relations;
    this.findings = findings;
  }

  void check() {
    spec.streams().forEach(this::stream);
    spec.sinks().forEach(this::sink);
  }

  private void stream(String name, Stream stream) {
    String path = "spec.streams." + name;
    inputs(path, stream.inputs())
        .ifPresent(
            schema ->
                Columns.requireAll(
                    findings, path + ".key", stream.key(), schema, stream.inputs().get(0)));
  }

  private void sink(String name, Sink sink) {
    String path = "spec.sinks." + name;
    Optional<Schema> schema = inputs(path, sink.inputs());
    if (schema.isEmpty()) {
      return;
    }
    if (sink instanceof JdbcSink jdbc) {
      Columns.requireAll(findings, path + ".key", jdbc.key(), schema.get(), sink.inputs().get(0));
    }
    if (sink instanceof ParquetSink parquet) {
      for (int i = 0; i < parquet.partitionBy().size(); i++) {
        partition(
            path + ".partition_by[" + i + "]",
            parquet.partitionBy().get(i),
            schema.get(),
            sink.inputs().get(0));
      }
    }
  }

  private Optional<Schema> inputs(String path, List<String> inputs) {
    List<Schema> schemas = new ArrayList<>();
    inputs.forEach(input -> relations.schema(input).ifPresent(schemas::add));
    if (schemas.size() < inputs.size()) {
      return Optional.empty();
    }
    SameColumns.check(findings, path, inputs, schemas);
    return Optional.of(schemas.get(0));
  }

  private void partition(String path, String written, Schema schema, String input) {
    Matcher part = PART_OF_TIME.matcher(written);
    String column = part.matches() ? part.group(2) : written;
    Optional<Field> field = Columns.exact(schema, column);
    if (field.isEmpty()) {
      findings.error(
          path,
          "'"
              + input
              + "' has no column '"
              + column
              + "'."
              + Names.suggestion(column, Columns.names(schema)));
      return;
    }
    if (!part.matches()) {
      return;
    }
    ArrowType type = field.get().getType();
    if (!PARTS.contains(part.group(1))) {
      findings.error(
          path,
          "Unknown part of time '" + part.group(1) + "'." + Names.suggestion(part.group(1), PARTS));
    } else if (!(type instanceof ArrowType.Timestamp || type instanceof ArrowType.Date)
        || (type instanceof ArrowType.Date && part.group(1).equals("hour"))) {
      findings.error(
          path,
          part.group(1)
              + "(…) takes a timestamp"
              + (part.group(1).equals("hour") ? "" : " or a date")
              + ", and '"
              + column
              + "' is a "
              + ColumnTypes.of(type).map(Object::toString).orElse("?")
              + ".");
    }
  }
}
