package io.sagitta.control.apply;

import io.sagitta.definition.Field;
import io.sagitta.definition.PulsarSource;
import io.sagitta.definition.options.Nearest;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.BadDataException;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.StreamVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a source relies on that reads another pipeline's stream: a version, if it names one, and
 * columns that the decoder of its feeder can take.
 */
final class StreamUse {
  private final PulsarSource source;

  StreamUse(PulsarSource source) {
    this.source = source;
  }

  /**
   * Something that is not there.
   *
   * @param option of the source, such as {@code schema.id}
   */
  record Lack(String option, String message) {}

  /** Returns everything that {@code stream} does not have. */
  List<Lack> lacks(StreamVersion stream) {
    List<Lack> lacks = new ArrayList<>();
    version(stream).ifPresent(lacks::add);
    Schema columns = StreamVersions.columns(stream);
    List<String> names =
        columns.getFields().stream()
            .map(org.apache.arrow.vector.types.pojo.Field::getName)
            .toList();
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot nothing = VectorSchemaRoot.create(columns, allocator)) {
      ByteBuffer stands = IpcCodec.encode(nothing);
      for (Field field : source.schema().fields()) {
        String option = "schema." + field.name();
        if (!names.contains(field.name())) {
          lacks.add(
              new Lack(
                  option,
                  "the stream has no column '%s'.%s%s"
                      .formatted(
                          field.name(), Nearest.hint(field.name(), names), Nearest.all(names))));
        } else {
          unfit(stands, field, allocator).ifPresent(m -> lacks.add(new Lack(option, m)));
        }
      }
    }
    return lacks;
  }

  private Optional<Lack> version(StreamVersion stream) {
    int wanted = source.streamVersion().orElse(stream.version());
    if (stream.isReadableAs(wanted)) {
      return Optional.empty();
    }
    String there =
        stream.readableSince() == stream.version()
            ? "version " + stream.version()
            : "versions " + stream.readableSince() + " to " + stream.version();
    return Optional.of(
        new Lack(
            "stream",
            "the stream %s version %d; it can be read as %s"
                .formatted(
                    wanted > stream.version() ? "has no" : "cannot be read any more as",
                    wanted,
                    there)));
  }

  private static Optional<String> unfit(ByteBuffer stands, Field field, BufferAllocator allocator) {
    Schema wanted =
        new Schema(
            List.of(
                org.apache.arrow.vector.types.pojo.Field.nullable(
                    field.name(), WireSchemas.of(field.type()))));
    try {
      IpcCodec.decodeUntrusted(stands, wanted, IpcCodec.Limits.DEFAULT, allocator).close();
      return Optional.empty();
    } catch (BadDataException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
