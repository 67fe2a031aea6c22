package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;
import java.util.Optional;

/** A table of a database. */
@Kind(
    value = "jdbc",
    doc = "A table of a database. Rows are written in the transaction that commits the step.",
    example =
        """
        board:
          type: jdbc
          inputs: [named]
          url: "jdbc:postgresql://db/ops"
          user: "${secret:board/user}"
          password: "${secret:board/password}"
          table: airport_hour
          key: [origin, window_start]
        """)
public record JdbcSink(
    @Option(
            doc = "Sources and stages whose rows it takes",
            example = "[clean]",
            syntax = Syntax.IDENTIFIER,
            required = true)
        List<String> inputs,
    @Option(
            doc = "The database; hosts stay visible to the allow-lists, so it holds no credentials",
            example = "\"jdbc:postgresql://db/ops\"",
            syntax = Syntax.JDBC_URL)
        String url,
    @Option(
            doc = "The database user",
            example = "\"${secret:board/user}\"",
            syntax = Syntax.CREDENTIAL)
        Optional<String> user,
    @Option(
            doc = "The user's password; always a secret",
            example = "\"${secret:board/password}\"",
            syntax = Syntax.CREDENTIAL)
        Optional<String> password,
    @Option(doc = "The table", example = "airport_hour", syntax = Syntax.TABLE) String table,
    @Option(
            doc = "Columns of the primary key: rows are upserted; without it they are inserted",
            example = "[origin, window_start]",
            syntax = Syntax.COLUMN)
        List<String> key)
    implements Sink {
  public JdbcSink {
    inputs = List.copyOf(inputs);
    key = List.copyOf(key);
  }
}
