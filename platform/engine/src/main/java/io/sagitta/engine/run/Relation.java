package io.sagitta.engine.run;

import org.apache.arrow.vector.types.pojo.Schema;

/**
 * An input as queries see it under its name.
 *
 * @param slot where its rows are given
 * @param definition a CTE that a query needs to read them, empty if it reads the slot itself
 */
record Relation(StreamSlot slot, String definition) {

  /**
   * Returns the relation {@code name}.
   *
   * @param references how often the query reads it; a stream can be read once only, so for more
   *     than one its rows are kept in a materialized CTE
   */
  static Relation of(DuckSession session, String name, Schema schema, int references) {
    if (references <= 1) {
      return new Relation(session.slot(name, schema), "");
    }
    String rows = name + "$rows";
    return new Relation(
        session.slot(rows, schema),
        Sql.quoted(name) + " AS MATERIALIZED (SELECT * FROM " + Sql.quoted(rows) + ")");
  }
}
