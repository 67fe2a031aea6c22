package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.time.Duration;
import java.util.List;

/** A folder of Parquet files. */
@Kind(
    value = "parquet",
    doc = "A folder of Parquet files.",
    example =
        """
        lake:
          type: parquet
          inputs: [once]
          path: lake/flights
          partition_by: [month(date)]
          roll: {size: 128MiB, after: 5m}
        """)
public record ParquetSink(
    @Option(
            doc = "Sources and stages whose rows it takes",
            example = "[clean]",
            syntax = Syntax.IDENTIFIER,
            required = true)
        List<String> inputs,
    @Option(doc = "The folder", example = "lake/flights", syntax = Syntax.PATH) String path,
    @Option(
            doc = "What becomes name=value folders",
            example = "[month(date)]",
            syntax = Syntax.PARTITION)
        List<String> partitionBy,
    @Option(
            name = "roll.size",
            doc = "A file is finished when it has about so many bytes",
            defaultValue = "128MiB",
            syntax = Syntax.SIZE,
            positive = true)
        long rollBytes,
    @Option(
            name = "roll.after",
            doc = "Or so long after its first row",
            defaultValue = "5m",
            positive = true)
        Duration rollAfter)
    implements Sink {
  public ParquetSink {
    inputs = List.copyOf(inputs);
    partitionBy = List.copyOf(partitionBy);
  }
}
