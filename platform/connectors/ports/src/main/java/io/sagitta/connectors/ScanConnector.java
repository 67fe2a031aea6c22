package io.sagitta.connectors;

import io.sagitta.definition.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBConnection;

/**
 * Lets the engine of a batch run read a bounded source with its own readers, on all cores. Found by
 * {@link java.util.ServiceLoader}; what none serves goes through {@link SourceConnector}, with the
 * same rows.
 */
public interface ScanConnector {

  /** Returns whether this connector serves {@code source}. */
  boolean serves(Source source);

  /**
   * Looks at what is there and says how to read it.
   *
   * @param name the source's name
   * @param reach what the pipeline may reach; asked before anything is opened
   * @param engine only used to look at columns
   * @throws ConnectorException if there is nothing, or its columns do not fit
   */
  Scan scan(String name, Source source, Reach reach, DuckDBConnection engine)
      throws ConnectorException;

  /**
   * How to read a source.
   *
   * @param rows a query for the rows that fit, with the columns of the wire, in the source's order
   * @param rejects a query for the rows that do not, with {@link
   *     io.sagitta.engine.Quarantine#SCHEMA}; empty if there can be none
   * @param files what the queries read
   * @param bytes how much there is to read
   */
  record Scan(String rows, Optional<String> rejects, List<Path> files, long bytes) {
    /** Copies the list. */
    public Scan {
      files = List.copyOf(files);
    }
  }
}
