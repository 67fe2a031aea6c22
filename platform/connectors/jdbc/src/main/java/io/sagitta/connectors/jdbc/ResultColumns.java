package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.LoadedTable;
import io.sagitta.engine.WireSchemas;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of a query's result that a table declares, found by name. */
final class ResultColumns {
  private static final int CHECK_EVERY = 10_000;

  private final ResultSet result;
  private final String name;
  private final List<Integer> indexes;

  private ResultColumns(ResultSet result, String name, List<Integer> indexes) {
    this.result = result;
    this.name = name;
    this.indexes = indexes;
  }

  static ResultColumns of(ResultSet result, Schema schema, String name)
      throws SQLException, ConnectorException {
    ResultSetMetaData meta = result.getMetaData();
    List<String> labels = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      labels.add(meta.getColumnLabel(i));
    }
    List<String> missing =
        schema.getFields().stream().map(Field::getName).filter(n -> !labels.contains(n)).toList();
    if (!missing.isEmpty()) {
      throw new ConnectorException(
          "%s yields no column %s, only %s. Name the columns as the schema does: SELECT … AS \"%s\""
              .formatted(
                  name, String.join(", ", missing), String.join(", ", labels), missing.get(0)));
    }
    return new ResultColumns(
        result,
        name,
        schema.getFields().stream()
            .map(f -> labels.indexOf(f.getName()) + 1)
            .collect(Collectors.toList()));
  }

  /** Reads all rows. */
  void readInto(VectorSchemaRoot rows) throws SQLException, ConnectorException {
    rows.allocateNew();
    int row = 0;
    while (result.next()) {
      for (int column = 0; column < indexes.size(); column++) {
        read(rows.getVector(column), row, indexes.get(column));
      }
      row++;
      if (row % CHECK_EVERY == 0) {
        checkSize(rows);
      }
    }
    rows.setRowCount(row);
  }

  private void read(FieldVector vector, int row, int index)
      throws SQLException, ConnectorException {
    try {
      ResultValue.read(result, index, vector, row);
    } catch (ArithmeticException | IllegalArgumentException e) {
      if (WireSchemas.isSensitive(vector.getField())) {
        throw new ConnectorException(
            "%s: row %d, column %s, which is sensitive: the value does not fit"
                .formatted(name, row + 1, vector.getField().getName()));
      }
      throw new ConnectorException(
          "%s: row %d, column %s: %s"
              .formatted(name, row + 1, vector.getField().getName(), e.getMessage()),
          e);
    }
  }

  private void checkSize(VectorSchemaRoot rows) throws ConnectorException {
    long bytes = 0;
    for (FieldVector vector : rows.getFieldVectors()) {
      for (var buffer : vector.getFieldBuffers()) {
        bytes += buffer.capacity();
      }
    }
    if (bytes > 2 * LoadedTable.MOST_BYTES) {
      throw new ConnectorException(
          name + " yields more than a table may hold: select fewer columns or rows");
    }
  }
}
