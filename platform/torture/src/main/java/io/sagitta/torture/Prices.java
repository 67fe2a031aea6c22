package io.sagitta.torture;

import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The table of shape {@code enriched}: a price for each key, changed every two minutes. */
final class Prices {
  /** What it holds. */
  static final String SQL =
      """
      SELECT 'f' || f || '-' || i AS code,
        TIMESTAMP '2025-12-31 23:00:00' + to_minutes(2 * j) AS since,
        1 + ((j * 7 + i) % 10) / 4.0 AS price
      FROM range(10) a(f), range(20) b(i), range(120) c(j)""";

  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.nullable("code", ArrowType.Utf8.INSTANCE),
              Field.nullable("since", WireSchemas.TIMESTAMP),
              Field.nullable("price", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));

  private Prices() {}

  /** Returns it as an Arrow IPC stream. */
  static byte[] ipc(BufferAllocator allocator) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT code, epoch_us(since), price FROM (" + SQL + ")");
        VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, allocator)) {
      VarCharVector code = (VarCharVector) root.getVector("code");
      TimeStampMicroTZVector since = (TimeStampMicroTZVector) root.getVector("since");
      Float8Vector price = (Float8Vector) root.getVector("price");
      int row = 0;
      while (rows.next()) {
        code.setSafe(row, rows.getString(1).getBytes(StandardCharsets.UTF_8));
        since.setSafe(row, rows.getLong(2));
        price.setSafe(row, rows.getDouble(3));
        row++;
      }
      root.setRowCount(row);
      return IpcCodec.toBytes(root);
    }
  }
}
