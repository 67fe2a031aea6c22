package io.sagitta.cli;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.TableConnector;
import io.sagitta.definition.FileTable;
import io.sagitta.definition.Table;
import io.sagitta.engine.WireSchemas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** The file tables of a definition, loaded here since their files are here. */
final class TableSnapshots {
  private TableSnapshots() {}

  /** Returns Arrow IPC streams in Base64, by table; tells all that cannot be loaded at once. */
  static Map<String, String> load(CheckedDefinition checked) {
    Map<String, String> loaded = new LinkedHashMap<>();
    List<String> failures = new ArrayList<>();
    try (BufferAllocator allocator = new RootAllocator()) {
      checked
          .definition()
          .spec()
          .tables()
          .forEach(
              (name, table) -> {
                if (table instanceof FileTable file) {
                  try {
                    loaded.put(name, load(besideDefinition(file, checked.file()), allocator));
                  } catch (ConnectorException e) {
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

  private static String load(Table table, BufferAllocator allocator) throws ConnectorException {
    for (TableConnector connector : ServiceLoader.load(TableConnector.class)) {
      if (connector.serves(table)) {
        byte[] stream = connector.load(table, WireSchemas.of(table.schema()), allocator);
        return Base64.getEncoder().encodeToString(stream);
      }
    }
    throw new ConnectorException("no connector here loads such a table; is its jar in lib/?");
  }

  private static FileTable besideDefinition(FileTable table, DefinitionFile file) {
    Path folder = file.path().toAbsolutePath().getParent();
    Path path = folder == null ? Path.of(table.path()) : folder.resolve(table.path());
    return new FileTable(path.normalize().toString(), table.format(), table.schema(), table.key());
  }
}
