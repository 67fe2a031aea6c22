package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;

/** A file of reference data beside the definition, pinned by its content hash. */
@Kind(
    value = "file",
    doc = "A file beside the definition. `apply` uploads it, and a revision pins its content.",
    example =
        """
        airports:
          type: file
          path: data/airports.csv
          schema: {iata: {type: string, required: true}, name: {type: string}}
          key: iata
        """)
public record FileTable(
    @Option(
            doc = "The file, relative to the definition's folder",
            example = "data/airports.csv",
            syntax = Syntax.PATH)
        String path,
    @Option(
            doc = "How the files are written; by default the path's ending says it",
            example = "csv",
            derivedFrom = "path")
        Format format,
    @Option(
            doc = "The columns, in order, each with its type",
            example = "{iata: {type: string, required: true}, name: {type: string}}")
        Schema schema,
    @Option(
            doc = "Columns that identify a row",
            example = "iata",
            syntax = Syntax.COLUMN,
            required = true)
        List<String> key)
    implements Table {
  public FileTable {
    key = List.copyOf(key);
  }
}
