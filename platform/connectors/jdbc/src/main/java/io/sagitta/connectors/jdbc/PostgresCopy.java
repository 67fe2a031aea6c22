package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.engine.WireSchemas;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Loads batches with {@code COPY … FROM STDIN (FORMAT binary)}, the fastest way into PostgreSQL.
 * The format is in PostgreSQL's manual under COPY, "Binary Format".
 */
final class PostgresCopy implements RowLoader {
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private final Connection connection;
  private final String statement;
  private final List<String> types;
  private final boolean ordered;
  private long order;

  PostgresCopy(
      Connection connection, String table, Schema schema, List<String> types, boolean ordered) {
    this.connection = connection;
    this.types = types;
    this.ordered = ordered;
    List<String> names = new ArrayList<>(schema.getFields().stream().map(Field::getName).toList());
    if (ordered) {
      names.add(Database.ORDER);
    }
    this.statement =
        "COPY " + table + " (" + TableName.quoted(names) + ") FROM STDIN (FORMAT binary)";
  }

  @Override
  public void load(VectorSchemaRoot rows) throws SQLException, ConnectorException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
    try {
      send(rows, copy);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private void send(VectorSchemaRoot rows, CopyIn copy) throws SQLException, ConnectorException {
    List<FieldVector> vectors = rows.getFieldVectors();
    List<PostgresEncoder> encoders = new ArrayList<>();
    for (int column = 0; column < vectors.size(); column++) {
      encoders.add(PostgresEncoder.of(vectors.get(column), types.get(column)));
    }
    PostgresBuffer out = new PostgresBuffer(copy);
    out.bytes(HEADER);
    for (int row = 0; row < rows.getRowCount(); row++) {
      out.int16(encoders.size() + (ordered ? 1 : 0));
      for (int column = 0; column < encoders.size(); column++) {
        if (vectors.get(column).isNull(row)) {
          out.int32(-1);
        } else {
          encode(encoders.get(column), vectors.get(column).getField(), row, out);
        }
      }
      if (ordered) {
        out.int32(Long.BYTES);
        out.int64(order++);
      }
      out.flushIfFull();
    }
    out.int16(-1);
    out.flush();
  }

  private static void encode(PostgresEncoder encoder, Field field, int row, PostgresBuffer out)
      throws SQLException, ConnectorException {
    try {
      encoder.encode(row, out);
    } catch (UnfitValue e) {
      throw new ConnectorException(
          "Column %s, row %d of the batch: %s"
              .formatted(
                  field.getName(),
                  row + 1,
                  WireSchemas.isSensitive(field)
                      ? "PostgreSQL cannot hold the value, which is sensitive and not shown"
                      : e.getMessage()));
    }
  }

  /** A value that PostgreSQL cannot hold. */
  static final class UnfitValue extends Exception {
    private static final long serialVersionUID = 1;

    UnfitValue(String message) {
      super(message);
    }

    static UnfitValue nul(byte[] text) {
      String shown = new String(text, StandardCharsets.UTF_8).replace("\0", "\\u0000");
      return new UnfitValue(
          "PostgreSQL text cannot hold the character U+0000, as in '"
              + shown.substring(0, Math.min(40, shown.length()))
              + "'. Remove it in a stage before: replace(column, chr(0), '')");
    }
  }
}
