package io.sagitta.connectors.file;

import static io.sagitta.connectors.PlainRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.PlainRows;
import io.sagitta.connectors.Reach;
import io.sagitta.definition.Field;
import io.sagitta.definition.FileTable;
import io.sagitta.definition.Format;
import io.sagitta.definition.Schema;
import io.sagitta.engine.WireSchemas;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileTableTest {
  private static final Schema AIRPORTS =
      new Schema(
          List.of(
              Samples.field("name", "string", false),
              Samples.field("iata", "string", true),
              Samples.field("latitude", "double", false)));
  private static final String ROWS =
      "SELECT * FROM (VALUES ('LAS', 'Las Vegas, \"McCarran\"', 36.08, 1), ('PHL', NULL, NULL, 2)%s)"
          + " t(iata, name, latitude, extra)";

  private final BufferAllocator allocator = new RootAllocator();
  @TempDir private Path folder = Path.of("");

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private List<List<@Nullable Object>> load(Path file, Format format) throws Exception {
    return load(file, format, AIRPORTS);
  }

  private List<List<@Nullable Object>> load(Path file, Format format, Schema schema)
      throws Exception {
    FileTable table = new FileTable(file.toString(), format, schema, List.of("iata"));
    byte[] bytes =
        new FileTableConnector()
            .load(table, Reach.free(Path.of("")), WireSchemas.of(schema), allocator);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (ArrowStreamReader reader =
        new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
      while (reader.loadNextBatch()) {
        rows.addAll(PlainRows.of(reader.getVectorSchemaRoot()));
      }
    }
    return rows;
  }

  private Path write(Format format, String more) throws Exception {
    Path file = folder.resolve("airports" + Samples.extension(format));
    Samples.write(file, format, ROWS.formatted(more), allocator);
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void load_everyFormat_givesTheDeclaredColumns(Format format) throws Exception {
    assertThat(load(write(format, ""), format))
        .containsExactly(row("Las Vegas, \"McCarran\"", "LAS", 36.08), row(null, "PHL", null));
  }

  @Test
  void load_jsonArray_isReadToo() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("a.json"),
            "[{\"iata\": \"LAS\", \"latitude\": 1},\n {\"iata\": \"PHL\"}]");
    assertThat(load(file, Format.JSON))
        .containsExactly(row(null, "LAS", 1.0), row(null, "PHL", null));
  }

  @ParameterizedTest
  @EnumSource
  void load_repeatedKey_namesKeyAndRows(Format format) throws Exception {
    Path file = write(format, ", ('LAS', 'again', 0.0, 3)");
    assertThatThrownBy(() -> load(file, format))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("the key iata = LAS is in row 1 and again in row 3");
  }

  @ParameterizedTest
  @EnumSource
  void load_requiredValueMissing_isRefused(Format format) throws Exception {
    Path file = write(format, ", (NULL, 'nameless', 0.0, 3)");
    assertThatThrownBy(() -> load(file, format))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("1 rows do not fit the schema")
        .hasMessageContaining("iata");
  }

  @Test
  void load_sensitiveColumn_noMessageQuotesAValue() throws Exception {
    Schema schema = new Schema(AIRPORTS.fields().stream().map(FileTableTest::sensitive).toList());
    Path unfit = Files.writeString(folder.resolve("a.csv"), "iata,name,latitude\nLAS,x,Elm St 7\n");
    assertThatThrownBy(() -> load(unfit, Format.CSV)).hasMessageContaining("Elm St 7");
    assertThatThrownBy(() -> load(unfit, Format.CSV, schema))
        .hasMessageContaining("1 rows do not fit the schema")
        .hasMessageContaining("latitude")
        .hasMessageNotContaining("Elm St 7");
    Path twice =
        Files.writeString(folder.resolve("b.csv"), "iata,name,latitude\nLAS,x,1\nLAS,y,2\n");
    assertThatThrownBy(() -> load(twice, Format.CSV, schema))
        .hasMessageContaining("the key iata is in row 1 and again in row 2");
  }

  private static Field sensitive(Field field) {
    return new Field(field.name(), field.type(), field.unit(), field.required(), true);
  }

  @Test
  void load_absentFile_saysSo() {
    assertThatThrownBy(() -> load(folder.resolve("absent.csv"), Format.CSV))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("There is no ")
        .hasMessageContaining("absent.csv");
  }
}
