package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;
import java.util.Optional;

/** Rows of files. */
@Kind(
    value = "file",
    doc =
        "Rows of CSV, JSON lines, Parquet or Arrow files. A streaming pipeline reads what is there"
            + " and ends, or follows the folder.",
    example =
        """
        orders:
          type: file
          path: data/orders/*.csv
          schema:
            id: {type: int64, required: true}
            amount: {type: "decimal(12,2)"}
        """)
public record FileSource(
    @Option(doc = "A file, a folder or a glob", example = "data/orders/*.csv", syntax = Syntax.PATH)
        String path,
    @Option(
            doc = "How the files are written; by default the path's ending says it",
            example = "csv",
            derivedFrom = "path")
        Format format,
    @Option(
            doc = "Whether files that appear later are read too; streaming only",
            defaultValue = "false")
        boolean follow,
    @Option(
            doc = "The columns, in order, each with its type",
            example = "{id: {type: int64, required: true}}")
        Schema schema,
    @Option(
            doc = "Which column says when a row happened; without it a row's time is its arrival",
            example = "{field: date, max_lateness: 1m}")
        Optional<EventTime> eventTime,
    @Option(
            doc = "Columns by which rows keep their order; left out if order does not matter",
            example = "[id]",
            syntax = Syntax.COLUMN)
        List<String> key)
    implements Source {
  public FileSource {
    key = List.copyOf(key);
  }
}
