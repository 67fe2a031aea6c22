package io.sagitta.connectors.jdbc;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table's name, written {@code table} or {@code schema.table}; upper and lower case matter.
 *
 * @param catalog what a schema's name alone would be ambiguous without; mostly empty
 * @param schema empty for the connection's own
 */
record TableName(Optional<String> catalog, Optional<String> schema, String table) {

  static TableName parse(String text) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new TableName(Optional.empty(), Optional.empty(), text)
        : new TableName(
            Optional.empty(), Optional.of(text.substring(0, dot)), text.substring(dot + 1));
  }

  /** Returns the name of {@code other} in the same schema. */
  TableName sibling(String other) {
    return new TableName(catalog, schema, other);
  }

  String sql() {
    return catalog.map(c -> quote(c) + ".").orElse("")
        + schema.map(s -> quote(s) + ".").orElse("")
        + quote(table);
  }

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String quoted(List<String> names) {
    return names.stream().map(TableName::quote).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return schema.map(s -> s + ".").orElse("") + table;
  }
}
