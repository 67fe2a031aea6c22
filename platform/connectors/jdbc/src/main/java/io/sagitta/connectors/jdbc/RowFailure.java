package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.SensitiveColumns;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a database says of rows that it did not take, or does not give. It likes to quote them;
 * where some of their columns are sensitive, only what cannot hold a value is passed on, and not
 * the exception either, which would end in a log.
 *
 * @param where the database and table, for messages
 * @param sensitive names of columns that no message may show
 */
record RowFailure(String where, List<String> sensitive) {
  /** Creates that of rows of {@code schema}. */
  static RowFailure of(String where, Schema schema) {
    return new RowFailure(where, SensitiveColumns.in(schema));
  }

  /**
   * Returns it for {@code e}.
   *
   * @param what was not done
   */
  ConnectorException of(String what, SQLException e) {
    if (sensitive.isEmpty()) {
      return new ConnectorException(where + " " + what + ": " + e.getMessage(), e);
    }
    return new ConnectorException(
        "%s %s: %s. What the database says of the rows is left out, since %s %s sensitive; its own log may have it"
            .formatted(
                where,
                what,
                String.join(", ", facts(e)),
                String.join(", ", sensitive),
                sensitive.size() == 1 ? "is" : "are"));
  }

  private static List<String> facts(SQLException e) {
    List<String> facts = new ArrayList<>();
    facts.add("SQLSTATE " + Optional.ofNullable(e.getSQLState()).orElse("unknown"));
    if (e instanceof PSQLException postgres && postgres.getServerErrorMessage() != null) {
      ServerErrorMessage said = postgres.getServerErrorMessage();
      Optional.ofNullable(said.getConstraint()).ifPresent(name -> facts.add("constraint " + name));
      Optional.ofNullable(said.getColumn()).ifPresent(name -> facts.add("column " + name));
      Optional.ofNullable(said.getDatatype()).ifPresent(name -> facts.add("type " + name));
    }
    return facts;
  }
}
