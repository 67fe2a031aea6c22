package io.sagitta.gateway.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.engine.codec.RowEncoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.service.Problem;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/** Batches as bodies of replies. */
final class Rendering {
  private Rendering() {}

  /**
   * Returns the format that a client likes best of those we have; JSON if it does not mind.
   *
   * @param acceptable as JAX-RS sorts them, best first
   * @throws io.sagitta.service.ProblemException 406 if it takes none
   */
  static RowFormat format(List<MediaType> acceptable) {
    for (MediaType type : acceptable) {
      if (type.isWildcardType()
          || (type.isWildcardSubtype() && type.getType().equals("application"))) {
        return RowFormat.JSON_ARRAY;
      } else if (type.isWildcardSubtype() && type.getType().equals("text")) {
        return RowFormat.CSV;
      }
      Optional<RowFormat> format = RowFormat.ofMediaType(type.getType() + "/" + type.getSubtype());
      if (format.isPresent()) {
        return format.get();
      }
    }
    throw Problem.of(
            406,
            "not-acceptable",
            "Not acceptable",
            "Rows come as %s; ask for one of them in Accept."
                .formatted(
                    Arrays.stream(RowFormat.values())
                        .map(RowFormat::mediaType)
                        .collect(Collectors.joining(", "))))
        .exception();
  }

  /**
   * Renders rows.
   *
   * @param schema of the batches; empty if nothing of the stream is known
   * @param tail of the JSON object, behind the rows: members with a comma before
   */
  static byte[] body(
      RowFormat format, Optional<Schema> schema, List<VectorSchemaRoot> batches, String tail) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 12);
    switch (format) {
      case JSON_ARRAY -> json(batches, tail, out);
      case JSON_LINES -> batches.forEach(b -> out.writeBytes(RowEncoder.encode(b, format)));
      case CSV -> {
        schema.ifPresent(s -> out.writeBytes(RowEncoder.csvHeader(s)));
        batches.forEach(b -> out.writeBytes(RowEncoder.csvRows(b)));
      }
      case ARROW -> arrow(schema.orElseGet(() -> new Schema(List.of())), batches, out);
    }
    return out.toByteArray();
  }

  private static void json(List<VectorSchemaRoot> batches, String tail, ByteArrayOutputStream out) {
    out.writeBytes("{\"rows\":[".getBytes(UTF_8));
    boolean first = true;
    for (VectorSchemaRoot batch : batches) {
      byte[] array = RowEncoder.encode(batch, RowFormat.JSON_ARRAY);
      if (array.length > 2) {
        if (!first) {
          out.write(',');
        }
        out.write(array, 1, array.length - 2);
        first = false;
      }
    }
    out.write(']');
    out.writeBytes(tail.getBytes(UTF_8));
    out.write('}');
  }

  private static void arrow(
      Schema schema, List<VectorSchemaRoot> batches, ByteArrayOutputStream out) {
    try (WriteChannel channel = new WriteChannel(Channels.newChannel(out))) {
      MessageSerializer.serialize(channel, schema);
      for (VectorSchemaRoot batch : batches) {
        try (ArrowRecordBatch record = new VectorUnloader(batch).getRecordBatch()) {
          MessageSerializer.serialize(channel, record);
        }
      }
      ArrowStreamWriter.writeEndOfStream(channel, IpcOption.DEFAULT);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing into memory failed", e);
    }
  }
}
