package io.sagitta.cli;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.TableConnector;
import io.sagitta.definition.FileTable;
import io.sagitta.definition.Table;
import io.sagitta.engine.WireSchemas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.BiPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Contents of a definition's tables, loaded in this process. */
final class TableSnapshots {
  private TableSnapshots() {}

  /** Returns the file tables, whose files are here, as Arrow IPC streams. */
  static Map<String, byte[]> ofFiles(CheckedDefinition checked) {
    return load(
        checked, (name, table) -> table instanceof FileTable, Here.beside(checked.file()).reach());
  }

  /**
   * Returns the {@code wanted} tables as Arrow IPC streams, by name; tells all that cannot be
   * loaded at once.
   *
   * @param reach what the pipeline may reach; files of tables are read by whoever started this
   */
  static Map<String, byte[]> load(
      CheckedDefinition checked, BiPredicate<String, Table> wanted, Reach reach) {
    Map<String, byte[]> loaded = new LinkedHashMap<>();
    List<String> failures = new ArrayList<>();
    Reach own = Here.beside(checked.file()).reach();
    try (BufferAllocator allocator = new RootAllocator()) {
      checked
          .definition()
          .spec()
          .tables()
          .forEach(
              (name, table) -> {
                if (wanted.test(name, table)) {
                  try {
                    loaded.put(
                        name,
                        load(
                            Here.table(table),
                            table instanceof FileTable ? own : reach,
                            allocator));
                  } catch (ConnectorException | IllegalArgumentException e) {
                    failures.add(
                        checked
                            .locations()
                            .error("spec.tables." + name, String.valueOf(e.getMessage()))
                            .toString());
                  }
                }
              });
    }
    if (!failures.isEmpty()) {
      throw CommandFailure.refused(
          failures.size() == 1 ? "A table cannot be loaded." : "Tables cannot be loaded.",
          failures);
    }
    return loaded;
  }

  private static byte[] load(Table table, Reach reach, BufferAllocator allocator)
      throws ConnectorException {
    for (TableConnector connector : ServiceLoader.load(TableConnector.class)) {
      if (connector.serves(table)) {
        return connector.load(table, reach, WireSchemas.of(table.schema()), allocator);
      }
    }
    throw new ConnectorException("no connector here loads such a table; is its jar in lib/?");
  }
}
