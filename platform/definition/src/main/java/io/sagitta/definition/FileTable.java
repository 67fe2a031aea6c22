package io.sagitta.definition;

import java.util.List;

/**
 * A file of reference data beside the definition, pinned by its content hash.
 *
 * @param path relative to the definition's folder
 */
public record FileTable(String path, Format format, Schema schema, List<String> key)
    implements Table {
  public FileTable {
    key = List.copyOf(key);
  }
}
