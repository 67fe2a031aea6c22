package io.sagitta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IpcCodecTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  @Test
  void encode_thenDecode_givesEqualBatch() {
    for (int rows : new int[] {0, 1, 7, 64, 1000}) {
      try (VectorSchemaRoot root = Flights.batch(rows, rows, allocator);
          VectorSchemaRoot back = IpcCodec.decode(IpcCodec.encode(root), allocator)) {
        assertThat(back.equals(root)).isTrue();
        assertThat(back.getSchema()).isEqualTo(root.getSchema());
      }
    }
  }

  @Test
  void encode_isReadByArrowsOwnReader() throws Exception {
    try (VectorSchemaRoot root = Flights.batch(1000, 1, allocator)) {
      byte[] bytes = IpcCodec.toBytes(root);
      try (ArrowStreamReader reader =
          new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
        assertThat(reader.loadNextBatch()).isTrue();
        assertThat(reader.getVectorSchemaRoot().equals(root)).isTrue();
        assertThat(reader.loadNextBatch()).isFalse();
        assertThat(reader.bytesRead()).isEqualTo(bytes.length);
      }
    }
  }

  @Test
  void decode_readsWhatArrowsOwnWriterWrites_fromDirectMemoryToo() throws Exception {
    try (VectorSchemaRoot root = Flights.batch(1000, 1, allocator)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
        writer.writeBatch();
      }
      ByteBuffer direct = ByteBuffer.allocateDirect(out.size() + 3).position(3);
      direct.put(out.toByteArray()).flip().position(3);
      try (VectorSchemaRoot back = IpcCodec.decode(direct, allocator)) {
        assertThat(back.equals(root)).isTrue();
      }
      assertThat(direct.position()).isEqualTo(3);
    }
  }

  @Test
  void decode_truncatedAnywhere_isBadData() {
    try (VectorSchemaRoot root = Flights.batch(20, 1, allocator)) {
      byte[] bytes = IpcCodec.toBytes(root);
      int afterSchema =
          8 + ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(4);
      for (int length = 0; length < bytes.length - 8; length++) {
        if (length == afterSchema) {
          continue; // a stream of no batches, which may end without its mark
        }
        ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> IpcCodec.decode(cut, allocator))
            .isInstanceOf(BadDataException.class);
      }
    }
  }
}
