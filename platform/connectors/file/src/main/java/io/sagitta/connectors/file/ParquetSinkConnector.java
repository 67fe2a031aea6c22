package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkConnector;
import io.sagitta.connectors.SinkWriter;
import io.sagitta.definition.ParquetSink;
import io.sagitta.definition.Sink;
import io.sagitta.policy.Access;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** Opens writers of folders of Parquet files. */
public final class ParquetSinkConnector implements SinkConnector {

  @Override
  public boolean serves(Sink sink) {
    return sink instanceof ParquetSink;
  }

  @Override
  public SinkWriter open(
      Sink sink, Reach reach, String task, Schema schema, BufferAllocator allocator)
      throws ConnectorException {
    ParquetSink parquet = (ParquetSink) sink;
    List<PartitionColumn> partitions = PartitionColumn.parse(parquet.partitionBy(), schema);
    Path root = reach.files(parquet.path(), Access.WRITE);
    try {
      CommitLog log = CommitLog.claim(root, task);
      PendingRows pending = new PendingRows(log.staging().resolve("spill"), partitions, allocator);
      return new ParquetSinkWriter(root, log, pending, parquet.rollBytes(), parquet.rollAfter());
    } catch (IOException e) {
      throw new ConnectorException(
          "The folder " + root + " cannot be written: " + e + ". Check path, rights and space", e);
    } catch (SQLException e) {
      throw new ConnectorException("The Parquet writer does not start: " + e.getMessage(), e);
    }
  }

  @Override
  public Guarantee guarantee() {
    return Guarantee.EFFECTIVELY_ONCE;
  }
}
