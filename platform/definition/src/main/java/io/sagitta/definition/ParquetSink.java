package io.sagitta.definition;

import java.time.Duration;
import java.util.List;

/**
 * A folder of Parquet files.
 *
 * @param path the folder
 * @param partitionBy a column, or {@code year(c)}, {@code month(c)}, {@code day(c)}, {@code
 *     hour(c)} of a timestamp; becomes {@code name=value} folders
 * @param rollBytes a file is finished when it has about so many bytes
 * @param rollAfter or so long after its first row
 */
public record ParquetSink(
    List<String> inputs, String path, List<String> partitionBy, long rollBytes, Duration rollAfter)
    implements Sink {
  public ParquetSink {
    inputs = List.copyOf(inputs);
    partitionBy = List.copyOf(partitionBy);
  }
}
