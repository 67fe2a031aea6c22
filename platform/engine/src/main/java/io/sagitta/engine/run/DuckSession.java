package io.sagitta.engine.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;

/** One task's connection to the engine's database: its tables, input relations and queries. */
final class DuckSession implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DuckDBConnection connection;
  private final BufferAllocator allocator;
  private final BufferAllocator exchange;
  private final int outputRows;
  private final EngineWords words;
  private final Map<String, StreamSlot> slots = new LinkedHashMap<>();
  private final List<Query> queries = new CopyOnWriteArrayList<>();
  private final Set<String> aggregates;

  /**
   * Takes over {@code connection}.
   *
   * @param aggregates names of all aggregate functions
   * @param outputRows the most rows in a batch of a result
   * @param words for failures
   */
  DuckSession(
      DuckDBConnection connection,
      Set<String> aggregates,
      BufferAllocator allocator,
      int outputRows,
      EngineWords words) {
    this.words = words;
    this.exchange = allocator.getRoot().newChildAllocator("exchange", 0, Long.MAX_VALUE);
    this.aggregates = aggregates;
    this.connection = connection;
    this.allocator = allocator;
    this.outputRows = outputRows;
  }

  EngineWords words() {
    return words;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  /**
   * Returns where rows and the structs that describe them live while DuckDB and Java pass them on.
   * It has no bound of its own: Arrow 18.3 loses the columns that it has passed on already if there
   * is no room for the next one. What comes out is counted where it goes.
   */
  BufferAllocator exchange() {
    return exchange;
  }

  int outputRows() {
    return outputRows;
  }

  /** Loads reference data anew; queries are prepared again when they next run. */
  void replace(String table, byte[] ipcStream) {
    // A statement that stays prepared would read the old table, or bind anew in mid-call.
    queries.forEach(Query::close);
    load(table, ipcStream);
  }

  /** Loads reference data as a table of this connection alone, or leaves the one there is. */
  void load(String table, byte[] ipcStream) {
    String view = table + "$load";
    try (ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(ipcStream), allocator);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(exchange);
        Statement statement = connection.createStatement()) {
      Data.exportArrayStream(exchange, reader, stream);
      connection.registerArrowStream(view, stream);
      statement.execute(
          "CREATE OR REPLACE TEMP TABLE "
              + Sql.quoted(table)
              + " AS SELECT * FROM "
              + Sql.quoted(view));
      statement.execute("DROP VIEW " + Sql.quoted(view));
    } catch (SQLException e) {
      throw words.failure(table, "the table cannot be loaded: ", e);
    } catch (IOException e) {
      throw new EngineException(table, "the table cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** Returns the relation {@code name}, which has {@code schema} whenever it is asked for. */
  StreamSlot slot(String name, Schema schema) {
    return slots.computeIfAbsent(name, n -> new StreamSlot(connection, n, schema, exchange));
  }

  /**
   * Returns the query {@code sql}, prepared.
   *
   * @param stage for messages
   * @param result columns that it yields; a wrong type fails when it first runs
   */
  Query query(String stage, String sql, Schema result) {
    Query query = new Query(this, stage, sql, result);
    queries.add(query);
    return query;
  }

  PreparedStatement prepare(String sql) throws SQLException {
    slots.values().forEach(slot -> slot.fill(RowFeed.of(List.of())));
    try {
      return connection.prepareStatement(sql);
    } finally {
      slots.values().forEach(StreamSlot::empty);
    }
  }

  /** Returns what can be said of one SELECT. */
  QueryShape shape(String stage, String sql) {
    return new QueryShape(parse(stage, sql), aggregates);
  }

  private JsonNode parse(String stage, String sql) {
    JsonNode tree = read(stage, ask(stage, "SELECT json_serialize_sql(?::VARCHAR)", sql));
    if (tree.path("error").asBoolean() || tree.path("statements").size() != 1) {
      throw new EngineException(stage, "not one SELECT: " + tree.path("error_message").asText(sql));
    }
    return tree;
  }

  /** Returns the SQL of a syntax tree. */
  String print(String stage, JsonNode tree) {
    return ask(stage, "SELECT json_deserialize_sql(?::JSON)", tree.toString());
  }

  private String ask(String stage, String sql, String argument) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, argument);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return String.valueOf(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new EngineException(stage, String.valueOf(e.getMessage()), e);
    }
  }

  private static JsonNode read(String stage, String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new EngineException(stage, "the query is nested too deeply; split it into stages", e);
    }
  }

  /** Makes the query that runs now fail, if there is one; from any thread. */
  void interrupt() {
    queries.forEach(Query::interrupt);
  }

  @Override
  public void close() {
    queries.forEach(Query::close);
    queries.clear();
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("The engine's connection does not close", e);
    } finally {
      slots.values().forEach(StreamSlot::close);
      slots.clear();
      exchange.close();
    }
  }
}
