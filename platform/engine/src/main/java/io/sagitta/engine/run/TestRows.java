package io.sagitta.engine.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.definition.DefinitionTest;
import io.sagitta.definition.HttpSource;
import io.sagitta.definition.Source;
import io.sagitta.definition.Table;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowDecoder;
import io.sagitta.engine.codec.RowFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Turns rows of tests into batches, by way of JSON lines, as a client's would be. */
final class TestRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Plan plan;
  private final BufferAllocator allocator;

  TestRows(Plan plan, BufferAllocator allocator) {
    this.plan = plan;
    this.allocator = allocator;
  }

  /** Reads rows of a source that arrive at {@code now}; the result is the caller's. */
  RowDecoder.Decoded source(DefinitionTest.Rows given, Instant now) {
    Source source = plan.definition().spec().sources().get(given.name());
    if (source == null) {
      throw new EngineException(given.name(), "there is no such source, table or stage");
    }
    boolean isGivenStage =
        source.eventTime().filter(t -> t.field().equals(WireSchemas.EVENT_TIME)).isPresent();
    List<Map<String, @Nullable Object>> rows =
        isGivenStage ? given.rows().stream().map(row -> timed(row, now)).toList() : given.rows();
    return RowDecoder.of(given.name(), source)
        .decode(RowFormat.JSON_LINES, lines(rows), now, allocator);
  }

  private static Map<String, @Nullable Object> timed(
      Map<String, @Nullable Object> row, Instant now) {
    Map<String, @Nullable Object> timed = new LinkedHashMap<>(row);
    timed.putIfAbsent(WireSchemas.EVENT_TIME, now.toString());
    return timed;
  }

  /** Returns the tables that {@code test} gives, as Arrow IPC streams. */
  Map<String, byte[]> tables(DefinitionTest test) {
    Map<String, byte[]> tables = new HashMap<>();
    for (DefinitionTest.Step step : test.given()) {
      if (step instanceof DefinitionTest.Rows rows) {
        Table table = plan.definition().spec().tables().get(rows.name());
        if (table != null) {
          tables.put(rows.name(), table(rows.name(), table, rows.rows()));
        }
      }
    }
    return tables;
  }

  /** Returns a table without rows. */
  byte[] none(Table table) {
    return table("table", table, List.of());
  }

  private byte[] table(String name, Table table, List<Map<String, @Nullable Object>> rows) {
    Source source = new HttpSource(table.schema(), Optional.empty(), List.of());
    try (RowDecoder.Decoded decoded =
        RowDecoder.of(name, source)
            .decode(RowFormat.JSON_LINES, lines(rows), Instant.EPOCH, allocator)) {
      if (decoded.rejects().isPresent()) {
        throw new EngineException(
            name, "a row of the test's table is wrong: " + reject(decoded.rejects().get()));
      }
      List<FieldVector> columns = decoded.rows().getFieldVectors();
      VectorSchemaRoot declared = // not closed: the columns are closed with those decoded
          new VectorSchemaRoot(columns.subList(0, table.schema().fields().size()));
      declared.setRowCount(decoded.rows().getRowCount());
      return IpcCodec.toBytes(declared);
    }
  }

  private static String reject(VectorSchemaRoot rejects) {
    return JsonRows.of(rejects, 0);
  }

  private static ByteBuffer lines(List<Map<String, @Nullable Object>> rows) {
    StringBuilder lines = new StringBuilder();
    for (Map<String, @Nullable Object> row : rows) {
      try {
        lines.append(JSON.writeValueAsString(row)).append('\n');
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("A test's row is no JSON: " + row, e);
      }
    }
    return ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
  }
}
