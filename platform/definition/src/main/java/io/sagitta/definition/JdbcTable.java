package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The result of a query on a database, taken as a whole. */
@Kind(
    value = "jdbc",
    doc =
        "The result of a query on a database, taken as a whole: by a batch run when it starts, for a"
            + " streaming pipeline by each `apply` and after each `refresh`.",
    example =
        """
        customers:
          type: jdbc
          url: "jdbc:postgresql://db/crm"
          user: "${secret:crm/user}"
          password: "${secret:crm/password}"
          query: SELECT id, segment FROM customer
          schema: {id: {type: int64, required: true}, segment: {type: string}}
          key: id
        """)
public record JdbcTable(
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
    @Option(
            doc = "The query, in the database's own SQL",
            example = "SELECT id, segment FROM customer",
            syntax = Syntax.SQL)
        String query,
    @Option(
            doc =
                "After how long a streaming pipeline takes it anew; tasks switch between two steps, and"
                    + " keep the one they have if that fails",
            example = "15m",
            positive = true)
        Optional<Duration> refresh,
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
  public JdbcTable {
    key = List.copyOf(key);
  }
}
