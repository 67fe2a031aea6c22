package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The table that a sink writes: created if it is absent; if it exists, checked to hold every value
 * unchanged.
 *
 * @param types SQL types by column of {@code schema}
 */
record Target(
    Database database,
    Connection connection,
    TableName table,
    Schema schema,
    List<String> types,
    List<String> key) {
  private static final String STAGE = "sagitta_stage";

  /** Creates or checks {@code table}; all that does not fit is in one message. */
  static Target open(
      Database database, Connection connection, TableName table, Schema schema, List<String> key)
      throws SQLException, ConnectorException {
    List<Database.Column> existing = database.columns(connection, table);
    if (existing.isEmpty()) {
      create(database, connection, table, schema, key);
      existing = database.columns(connection, table);
    }
    List<String> problems = problems(database, schema, existing);
    if (!key.isEmpty() && problems.isEmpty() && !database.unique(connection, table, key)) {
      problems.add(
          "no primary key or unique constraint on exactly ("
              + String.join(", ", key)
              + "), which an upsert needs: ALTER TABLE "
              + table.sql()
              + " ADD PRIMARY KEY ("
              + TableName.quoted(key)
              + ")");
    }
    connection.commit();
    if (!problems.isEmpty()) {
      throw new ConnectorException(
          database.name()
              + ": table "
              + table
              + " does not fit the rows of this sink: "
              + String.join("; ", problems)
              + ". Change the table or the stage before the sink, or drop the table: it is created"
              + " anew");
    }
    return new Target(database, connection, table, schema, types(schema, existing), key);
  }

  private static void create(
      Database database, Connection connection, TableName table, Schema schema, List<String> key)
      throws SQLException, ConnectorException {
    List<String> lines = new ArrayList<>();
    List<String> unfit = new ArrayList<>();
    for (Field field : schema.getFields()) {
      Optional<String> type = database.columnType(field);
      if (type.isEmpty()) {
        unfit.add(noType(field));
      }
      lines.add(TableName.quote(field.getName()) + " " + type.orElse("?"));
    }
    if (!unfit.isEmpty()) {
      throw new ConnectorException(
          database.name() + ": table " + table + ": " + String.join("; ", unfit));
    }
    if (!key.isEmpty()) {
      lines.add("PRIMARY KEY (" + TableName.quoted(key) + ")");
    }
    database.create(connection, table, lines);
  }

  private static List<String> problems(
      Database database, Schema schema, List<Database.Column> existing) {
    List<String> problems = new ArrayList<>();
    for (Field field : schema.getFields()) {
      Optional<Database.Column> column =
          existing.stream().filter(c -> c.name().equals(field.getName())).findFirst();
      Optional<String> wanted = database.columnType(field);
      if (wanted.isEmpty()) {
        problems.add(noType(field));
      } else if (column.isEmpty()) {
        problems.add("column " + field.getName() + " (" + wanted.get() + ") is missing");
      } else if (!column.get().writable()) {
        problems.add("column " + field.getName() + " is generated and cannot be written");
      } else if (!database.takes(field, column.get().type())) {
        problems.add(
            "column "
                + field.getName()
                + " is "
                + column.get().type()
                + " but the rows bring "
                + wanted.get());
      }
    }
    for (Database.Column column : existing) {
      boolean given = schema.getFields().stream().anyMatch(f -> f.getName().equals(column.name()));
      if (!given && !column.fillable()) {
        problems.add(
            "column "
                + column.name()
                + " must not be NULL and has no default, but is not in the rows");
      }
    }
    return problems;
  }

  private static String noType(Field field) {
    return "column "
        + field.getName()
        + " has no SQL type for "
        + field.getType()
        + ": CAST it in the stage before, lists and structs with to_json";
  }

  private static List<String> types(Schema schema, List<Database.Column> existing) {
    return schema.getFields().stream()
        .map(
            field ->
                existing.stream()
                    .filter(c -> c.name().equals(field.getName()))
                    .findFirst()
                    .orElseThrow()
                    .type())
        .toList();
  }

  /** Returns how rows get in: right away, or by way of a temporary table if there is a key. */
  Upload upload(BufferAllocator allocator) throws SQLException {
    if (key.isEmpty()) {
      return new Upload(
          database.loader(connection, table.sql(), schema, types, false, allocator),
          Optional.empty());
    }
    try (Statement create = connection.createStatement()) {
      String columns =
          schema.getFields().stream()
              .map(
                  f ->
                      TableName.quote(f.getName()) + " " + types.get(schema.getFields().indexOf(f)))
              .collect(Collectors.joining(", "));
      create.execute(
          "CREATE TEMP TABLE " + STAGE + " (" + columns + ", " + Database.ORDER + " BIGINT)");
    }
    connection.commit();
    return new Upload(
        database.loader(connection, STAGE, schema, types, true, allocator), Optional.of(merge()));
  }

  /** Of several rows of one key the last wins; keys go in order, so that tasks cannot deadlock. */
  private List<String> merge() {
    List<String> names = schema.getFields().stream().map(Field::getName).toList();
    String updates =
        names.stream()
            .filter(n -> !key.contains(n))
            .map(n -> TableName.quote(n) + " = EXCLUDED." + TableName.quote(n))
            .collect(Collectors.joining(", "));
    String keys = TableName.quoted(key);
    String columns = TableName.quoted(names);
    return List.of(
        "INSERT INTO %s (%s) SELECT DISTINCT ON (%s) %s FROM %s ORDER BY %s, %s DESC"
                .formatted(table.sql(), columns, keys, columns, STAGE, keys, Database.ORDER)
            + " ON CONFLICT (%s) DO ".formatted(keys)
            + (updates.isEmpty() ? "NOTHING" : "UPDATE SET " + updates),
        "TRUNCATE " + STAGE);
  }

  /**
   * How rows get into the table.
   *
   * @param merge statements to run before the commit; empty if rows go in right away
   */
  record Upload(RowLoader loader, Optional<List<String>> merge) {}
}
