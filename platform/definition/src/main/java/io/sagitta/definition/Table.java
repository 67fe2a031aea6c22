package io.sagitta.definition;

import io.sagitta.definition.options.Kinds;
import java.util.List;

/** Reference data that stages join by name. */
@Kinds(noun = "table")
public sealed interface Table permits FileTable, JdbcTable {
  /** The declared columns. */
  Schema schema();

  /** Columns that identify a row; unique. */
  List<String> key();
}
