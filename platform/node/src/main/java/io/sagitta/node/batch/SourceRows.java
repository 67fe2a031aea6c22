package io.sagitta.node.batch;

import static io.sagitta.node.batch.BatchDatabase.quote;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.ScanConnector;
import io.sagitta.connectors.SourceConnector;
import io.sagitta.connectors.SourceReader;
import io.sagitta.definition.Source;
import io.sagitta.engine.WireSchemas;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Brings a source's rows into a run: as a view where the engine can read it by itself, else as a
 * table that a reader fills, in its order and decoding on all cores: the engine's own CSV and JSON
 * readers judge bad rows otherwise than ingest does. What cannot be read goes to quarantine.
 */
final class SourceRows {
  /** Where rows go that were refused. */
  static final String QUARANTINE = "sagitta.quarantine";

  private final BatchDatabase database;
  private final BatchOptions options;
  private final BatchListener listener;
  private final BufferAllocator allocator;
  private final List<Path> files = new ArrayList<>();
  private long bytes;

  SourceRows(
      BatchDatabase database,
      BatchOptions options,
      BatchListener listener,
      BufferAllocator allocator) {
    this.database = database;
    this.options = options;
    this.listener = listener;
    this.allocator = allocator;
  }

  /** Returns how much there was to read, as far as known. */
  long bytes() {
    return bytes;
  }

  /** Returns the files that the engine reads by itself. */
  List<Path> files() {
    return files;
  }

  /** Returns the name of the relation that has the columns of the wire. */
  static String wire(String source) {
    return "sagitta." + quote(source);
  }

  /** Makes the relations {@link #wire} and, with the event time, {@code name}. */
  void open(String name, Source source) throws SQLException, ConnectorException {
    Optional<ScanConnector> scan =
        ServiceLoader.load(ScanConnector.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(c -> c.serves(source))
            .findFirst();
    if (scan.isPresent()) {
      ScanConnector.Scan found =
          scan.get().scan(name, source, options.reach(), database.connection());
      bytes += found.bytes();
      files.addAll(found.files());
      database.execute("CREATE VIEW " + wire(name) + " AS " + found.rows());
      if (found.rejects().isPresent()) {
        database.execute("INSERT INTO " + QUARANTINE + " " + found.rejects().get());
      }
    } else {
      read(name, source);
    }
    String time = source.eventTime().map(e -> quote(e.field())).orElse(WireSchemas.EVENT_TIME);
    boolean own = time.equals(WireSchemas.EVENT_TIME) || time.equals(quote(WireSchemas.EVENT_TIME));
    database.execute(
        "CREATE VIEW %s AS SELECT *%s, %s AS event_time FROM %s"
            .formatted(quote(name), own ? " EXCLUDE (event_time)" : "", time, wire(name)));
  }

  private void read(String name, Source source) throws SQLException, ConnectorException {
    SourceConnector connector =
        ServiceLoader.load(SourceConnector.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(c -> c.serves(source))
            .findFirst()
            .orElseThrow(
                () ->
                    new ConnectorException(
                        "Source " + name + " cannot be read in a batch run: use type file"));
    Schema schema = WireSchemas.of(source);
    database.createEmpty(wire(name), schema);
    try (SourceReader reader =
            connector.open(name, source, options.reach(), "", schema, allocator);
        DecodedChunks chunks = new DecodedChunks(reader, options.threads())) {
      for (var next = chunks.next(); next.isPresent(); next = chunks.next()) {
        try (SourceReader.Chunk chunk = next.get()) {
          if (database.cancelled()) {
            throw new SQLException("The run was cancelled");
          }
          listener.at("source " + name, reader.taken(), bytes);
          database.insert(wire(name), chunk.rows());
          if (chunk.rejects().isPresent()) {
            VectorSchemaRoot rejects = chunk.rejects().get();
            database.insert(QUARANTINE, rejects);
          }
        }
      }
    }
  }
}
