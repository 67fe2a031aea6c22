package io.sagitta.definition;

/** How rows are written as bytes. */
public enum Format {
  CSV,
  JSON,
  PARQUET,
  ARROW
}
