package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * One level of {@code name=value} folders, as Hive and DuckDB read them and Iceberg names them:
 * {@code origin} gives {@code origin=LAS}; {@code year(date)}, {@code month(date)}, {@code
 * day(date)} and {@code hour(date)} give {@code date_year=2001}, {@code date_month=2001-01}, {@code
 * date_day=2001-01-31} and {@code date_hour=2001-01-31-23}, in UTC. Where a level is a column of
 * the rows, the files have all levels as columns too, so that they mean the same when read alone;
 * where all levels follow from other columns, they have none. NULL gives {@code
 * __HIVE_DEFAULT_PARTITION__}.
 *
 * @param name of the folder level and of the column
 * @param sql what computes it
 * @param added whether the rows do not have it yet
 */
record PartitionColumn(String name, String sql, boolean added) {
  private static final Pattern TRANSFORM = Pattern.compile("(year|month|day|hour)\\((.+)\\)");

  /** Reads {@code partition_by}; all that is wrong is in one message. */
  static List<PartitionColumn> parse(List<String> texts, Schema schema) throws ConnectorException {
    List<PartitionColumn> columns = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String text : texts) {
      columns.add(parse(text, schema, problems));
    }
    if (!problems.isEmpty()) {
      throw new ConnectorException("partition_by: " + String.join("; ", problems));
    }
    return columns;
  }

  private static PartitionColumn parse(String text, Schema schema, List<String> problems) {
    Matcher transform = TRANSFORM.matcher(text);
    String column = transform.matches() ? transform.group(2).strip() : text.strip();
    List<Field> fields =
        schema.getFields().stream().filter(f -> f.getName().equals(column)).toList();
    if (fields.isEmpty()) {
      problems.add(
          "there is no column "
              + column
              + "; there are "
              + String.join(", ", schema.getFields().stream().map(Field::getName).toList()));
    }
    if (!transform.matches()) {
      return new PartitionColumn(column, quote(column), false);
    }
    String unit = transform.group(1);
    String name = column + "_" + unit;
    if (schema.getFields().stream().anyMatch(f -> f.getName().equals(name))) {
      problems.add(text + " makes the column " + name + ", which the rows have already: rename it");
    }
    if (!fields.isEmpty() && !isTime(fields.get(0).getType())) {
      problems.add(text + " needs a timestamp or date, and " + column + " is none");
    }
    boolean zoned =
        fields.stream()
            .anyMatch(
                f -> f.getType() instanceof ArrowType.Timestamp at && at.getTimezone() != null);
    return new PartitionColumn(name, sql(unit, zoned ? utc(quote(column)) : quote(column)), true);
  }

  private static boolean isTime(ArrowType type) {
    return type instanceof ArrowType.Timestamp || type instanceof ArrowType.Date;
  }

  /** Without a time zone the same functions give the same in UTC, and cost a fifth. */
  private static String utc(String column) {
    return "make_timestamp(epoch_us(" + column + "))";
  }

  private static String sql(String unit, String column) {
    return switch (unit) {
      case "year" -> "CAST(year(" + column + ") AS BIGINT)";
      case "month" -> "strftime(" + column + ", '%Y-%m')";
      case "day" -> "CAST(" + column + " AS DATE)";
      case "hour" -> "strftime(" + column + ", '%Y-%m-%d-%H')";
      default -> throw new IllegalArgumentException(unit.toLowerCase(Locale.ROOT));
    };
  }

  /** Returns what COPY is told about {@code levels}; nothing if there are none. */
  static String options(List<PartitionColumn> levels) {
    if (levels.isEmpty()) {
      return "";
    }
    boolean inFiles = levels.stream().anyMatch(level -> !level.added());
    return levels.stream()
        .map(level -> quote(level.name()))
        .collect(
            Collectors.joining(
                ", ", ", PARTITION_BY (", inFiles ? "), WRITE_PARTITION_COLUMNS true" : ")"));
  }

  /** Returns the columns that rows lack, as a part of SELECT that begins with a comma. */
  static String added(List<PartitionColumn> levels) {
    return levels.stream()
        .filter(PartitionColumn::added)
        .map(level -> ", " + level.sql() + " AS " + quote(level.name()))
        .collect(Collectors.joining());
  }

  /** Returns {@code name} as SQL. */
  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
