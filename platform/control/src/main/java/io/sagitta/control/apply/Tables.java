package io.sagitta.control.apply;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.LoadedTable;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.TableConnector;
import io.sagitta.definition.FileTable;
import io.sagitta.definition.JdbcTable;
import io.sagitta.definition.Table;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.BadDataException;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.service.Secrets;
import io.sagitta.transport.PipelineId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** The contents of a definition's tables: file tables come with the request, others are asked. */
final class Tables {
  private static final int MOST_COLUMNS = 1_000;

  private final BufferAllocator allocator;
  private final Function<PipelineId, Reach> reach;

  /**
   * Creates one.
   *
   * @param reach what each pipeline may reach
   */
  Tables(Function<PipelineId, Reach> reach, BufferAllocator allocator) {
    this.reach = reach;
    this.allocator = allocator;
  }

  /**
   * Returns an Arrow IPC stream a table.
   *
   * @throws io.sagitta.service.ProblemException with everything that is wrong with any table
   */
  Map<String, byte[]> load(
      PipelineId pipeline, Map<String, Table> tables, Map<String, String> sent) {
    Map<String, byte[]> loaded = new TreeMap<>();
    List<String> errors = new ArrayList<>();
    tables.forEach(
        (name, table) -> {
          try {
            loaded.put(name, load(pipeline, name, table, Optional.ofNullable(sent.get(name))));
          } catch (ConnectorException | IllegalArgumentException e) {
            errors.add("table '" + name + "': " + e.getMessage());
          }
        });
    if (!errors.isEmpty()) {
      throw Refusals.badTable(errors);
    }
    return loaded;
  }

  /**
   * Returns the content of {@code table} now, as an Arrow IPC stream.
   *
   * @throws ConnectorException if the database does not give it
   */
  byte[] load(PipelineId pipeline, JdbcTable table) throws ConnectorException {
    return ask(pipeline, withCredentials(table));
  }

  private byte[] load(PipelineId pipeline, String name, Table table, Optional<String> sent)
      throws ConnectorException {
    Schema schema = WireSchemas.of(table.schema());
    if (table instanceof FileTable) {
      byte[] stream =
          Base64.getDecoder()
              .decode(
                  sent.orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "its content was not sent; put it under tables." + name)));
      return checked(name, stream, table, schema);
    }
    return table instanceof JdbcTable jdbc ? load(pipeline, jdbc) : ask(pipeline, table);
  }

  private byte[] ask(PipelineId pipeline, Table asked) throws ConnectorException {
    Schema schema = WireSchemas.of(asked.schema());
    for (TableConnector connector : ServiceLoader.load(TableConnector.class)) {
      if (connector.serves(asked)) {
        return connector.load(asked, reach.apply(pipeline), schema, allocator);
      }
    }
    throw new ConnectorException("no connector here loads it; is its jar in lib/?");
  }

  /**
   * Every node hands the content to native code that trusts it, and whoever applies may have made
   * it by hand: so each length, offset and value is looked at here, and what was sent is written
   * anew.
   */
  private byte[] checked(String name, byte[] stream, Table table, Schema wanted)
      throws ConnectorException {
    IpcCodec.Limits limits =
        new IpcCodec.Limits((int) LoadedTable.MOST_BYTES, Integer.MAX_VALUE, MOST_COLUMNS);
    try (VectorSchemaRoot rows =
        IpcCodec.decodeUntrusted(ByteBuffer.wrap(stream), wanted, limits, allocator)) {
      requireColumns(stream, wanted);
      return LoadedTable.pack(name, rows, table);
    } catch (BadDataException e) {
      throw new IllegalArgumentException("its content: " + e.getMessage(), e);
    }
  }

  /** A column of another name would only be NULL. */
  private void requireColumns(byte[] stream, Schema wanted) {
    try (ArrowStreamReader reader =
        new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
      List<String> columns = columns(reader.getVectorSchemaRoot().getSchema());
      if (!columns.equals(columns(wanted))) {
        throw new IllegalArgumentException(
            "its content has the columns " + columns + ", not " + columns(wanted));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("its content is no Arrow IPC stream", e);
    }
  }

  private static List<String> columns(Schema schema) {
    return schema.getFields().stream().map(f -> f.getName() + " " + f.getType()).toList();
  }

  private static JdbcTable withCredentials(JdbcTable table) {
    return new JdbcTable(
        table.url(),
        table.user().map(Secrets::resolve),
        table.password().map(Secrets::resolve),
        table.query(),
        table.refresh(),
        table.schema(),
        table.key());
  }
}
