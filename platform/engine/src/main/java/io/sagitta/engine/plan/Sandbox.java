package io.sagitta.engine.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBDriver;

/**
 * An engine of its own, in memory and cut off from files, network and extensions, in which SQL is
 * parsed and bound to tables that have the declared columns and one row of NULLs. Not thread-safe.
 */
final class Sandbox implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;

  /** One column of a result. */
  record Column(String name, String type) {}

  Sandbox() {
    Properties settings = new Properties();
    settings.setProperty("threads", "1");
    settings.setProperty("memory_limit", "256MB");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("allow_community_extensions", "false");
    settings.setProperty("enable_external_access", "false");
    try {
      connection = new DuckDBDriver().connect("jdbc:duckdb:", settings);
      execute("SET TimeZone='UTC'");
      execute("SET errors_as_json=true");
      // It would compute constants while a query is only described, outside the memory limit.
      execute("PRAGMA disable_optimizer");
      execute("SET lock_configuration=true");
    } catch (SQLException e) {
      throw new IllegalStateException("The planning engine does not start: " + e.getMessage(), e);
    }
  }

  /** Creates, or replaces, the table {@code name} with one row of NULLs. */
  void define(String name, Schema schema) {
    StringBuilder columns = new StringBuilder();
    for (Field field : schema.getFields()) {
      columns
          .append(columns.isEmpty() ? "" : ", ")
          .append("CAST(NULL AS ")
          .append(ColumnTypes.sql(field.getType()))
          .append(") AS ")
          .append(Names.quoted(field.getName()));
    }
    try {
      execute("CREATE OR REPLACE TABLE " + Names.quoted(name) + " AS SELECT " + columns);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot define table " + name + ": " + e.getMessage(), e);
    }
  }

  /** Removes the table {@code name}. */
  void undefine(String name) {
    try {
      execute("DROP TABLE IF EXISTS " + Names.quoted(name));
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot remove table " + name + ": " + e.getMessage(), e);
    }
  }

  /** Returns the statements of {@code sql} as the engine's syntax trees. */
  List<JsonNode> parse(String sql) throws SqlFault {
    JsonNode answer = read(ask("SELECT json_serialize_sql(CAST(? AS VARCHAR))", sql));
    if (answer.path("error").asBoolean()) {
      throw new SqlFault(
          EngineMessage.mend(answer.path("error_message").asText()),
          EngineMessage.position(answer));
    }
    List<JsonNode> statements = new ArrayList<>();
    answer.path("statements").forEach(statements::add);
    return statements;
  }

  /** Returns the SQL of one statement's syntax tree. */
  String print(JsonNode statement) {
    var tree = JSON.createObjectNode().put("error", false);
    tree.putArray("statements").add(statement);
    try {
      return ask("SELECT json_deserialize_sql(CAST(? AS JSON))", tree.toString());
    } catch (SqlFault e) {
      throw new IllegalStateException("Cannot print " + tree + ": " + e.getMessage(), e);
    }
  }

  /** Returns the columns that the query {@code sql} yields. */
  List<Column> describe(String sql) throws SqlFault {
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      var metadata = statement.getMetaData();
      for (int i = 1; i <= metadata.getColumnCount(); i++) {
        columns.add(new Column(metadata.getColumnName(i), metadata.getColumnTypeName(i)));
      }
    } catch (SQLException e) {
      throw EngineMessage.fault(e);
    }
    return columns;
  }

  /** Runs the query {@code sql} over the rows of NULLs, so that constants that fail, fail now. */
  void probe(String sql) throws SqlFault {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {}
    } catch (SQLException e) {
      throw EngineMessage.fault(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("The planning engine does not stop: " + e.getMessage(), e);
    }
  }

  private String ask(String sql, String argument) throws SqlFault {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, argument);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return String.valueOf(rows.getString(1));
      }
    } catch (SQLException e) {
      throw EngineMessage.fault(e);
    }
  }

  private static JsonNode read(String json) throws SqlFault {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new SqlFault(
          "The query is nested too deeply. Split it into stages.", OptionalInt.empty());
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
