package io.sagitta.definition;

import java.util.List;

/** Reference data that stages join by name. */
public sealed interface Table permits FileTable, JdbcTable {
  /** The declared columns. */
  Schema schema();

  /** Columns that identify a row; unique. */
  List<String> key();
}
