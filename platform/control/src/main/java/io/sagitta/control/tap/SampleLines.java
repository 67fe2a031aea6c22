package io.sagitta.control.tap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowEncoder;
import io.sagitta.transport.Header;
import io.sagitta.transport.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Turns Arrow messages into JSON lines, up to a number of rows, with sensitive values masked unless
 * told otherwise.
 */
final class SampleLines {
  private static final String MASK = "***";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BufferAllocator allocator;
  private final Optional<Set<String>> sensitive;
  private final Taps.Lines out;
  private int left;

  /** Creates one that masks the columns {@code sensitive}, or nothing if there is no such set. */
  SampleLines(
      BufferAllocator allocator, Optional<Set<String>> sensitive, int rows, Taps.Lines out) {
    this.allocator = allocator;
    this.sensitive = sensitive;
    this.left = rows;
    this.out = out;
  }

  boolean wantsMore() {
    return left > 0;
  }

  /** Writes the rows of {@code message}, which stays the caller's. */
  void write(Received message) throws IOException {
    if (message.header().kind() == Header.Kind.SIGNAL) {
      return;
    }
    try (VectorSchemaRoot rows = IpcCodec.decode(message.payload(), allocator)) {
      List<String> masked = masked(rows);
      for (int row = 0; row < rows.getRowCount() && left > 0; row++, left--) {
        byte[] line = RowEncoder.jsonObject(rows, row);
        out.line(masked.isEmpty() ? line : mask(line, masked));
      }
    }
  }

  private List<String> masked(VectorSchemaRoot rows) {
    List<String> names = new ArrayList<>();
    if (sensitive.isEmpty()) {
      return names;
    }
    Set<String> declared = sensitive.get();
    rows.getSchema()
        .getFields()
        .forEach(
            f -> {
              if (declared.contains(f.getName())
                  || "true".equals(f.getMetadata().get(WireSchemas.SENSITIVE))) {
                names.add(f.getName());
              }
            });
    return names;
  }

  private static byte[] mask(byte[] line, List<String> columns) throws IOException {
    JsonNode row = JSON.readTree(line);
    if (row instanceof ObjectNode object) {
      for (String column : columns) {
        if (object.hasNonNull(column)) {
          object.put(column, MASK);
        }
      }
    }
    try {
      return JSON.writeValueAsString(row).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A row is always JSON", e);
    }
  }
}
