package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;
import java.util.Optional;

/**
 * One SELECT over the inputs and tables. Without a window it is row-local and has one input.
 *
 * @param window as it is meant, also where the file leaves it out: see {@link BatchWindows}
 */
@Kind(
    value = "sql",
    doc =
        "One SELECT over the inputs and tables, each by its name. Without a window it is row-local:"
            + " it has one input and no aggregate, DISTINCT, LIMIT, OVER or self-join. With a window"
            + " the query runs once per closed window over exactly that window's rows.",
    example =
        """
        by_airport:
          type: sql
          inputs: [once]
          key: [origin]
          window: {tumbling: 1h}
          query: |
            SELECT origin, count(*) AS flights FROM once GROUP BY origin
        """)
public record SqlStage(
    @Option(
            doc = "Sources and stages whose rows it takes",
            example = "[clean]",
            syntax = Syntax.IDENTIFIER,
            required = true)
        List<String> inputs,
    @Option(
            doc =
                "Columns that bring rows together: rows with one key meet in one task. GROUP BY must"
                    + " contain it; with a window and no key there is one task. In a batch pipeline"
                    + " a key without a window, even `[]`, means the window `until`",
            example = "[origin]",
            syntax = Syntax.COLUMN)
        List<String> key,
    @Option(
            doc = "Which rows the query sees at once; without it, each row by itself",
            example = "{tumbling: 1h}")
        Optional<Window> window,
    @Option(
            doc = "The SELECT, in DuckDB's SQL",
            example = "SELECT origin, delay FROM clean WHERE delay > 0",
            syntax = Syntax.SQL)
        String query)
    implements Stage {
  public SqlStage {
    inputs = List.copyOf(inputs);
    key = List.copyOf(key);
  }
}
