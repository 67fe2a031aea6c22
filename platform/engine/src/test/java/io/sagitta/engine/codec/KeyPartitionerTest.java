package io.sagitta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyPartitionerTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  @Test
  void split_equalKeysMeet_inOrder_evenly() {
    Map<String, Integer> partitionOfKey = new HashMap<>();
    List<KeyPartitioner.Part> parts =
        KeyPartitioner.split(Flights.batch(20_000, 2, allocator), List.of("origin"), 4, allocator);
    int rows = 0;
    for (KeyPartitioner.Part part : parts) {
      try (VectorSchemaRoot root = part.rows()) {
        TimeStampVector date = (TimeStampVector) root.getVector("date");
        for (int i = 0; i < root.getRowCount(); i++) {
          assertThat(i == 0 || date.get(i) > date.get(i - 1)).isTrue();
          String key = root.getVector("origin").getObject(i).toString();
          assertThat(partitionOfKey.merge(key, part.partition(), (a, b) -> a))
              .isEqualTo(part.partition());
        }
        assertThat(root.getRowCount()).isBetween(3000, 7000);
        rows += root.getRowCount();
      }
    }
    assertThat(rows).isEqualTo(20_000);
    assertThat(parts).extracting(KeyPartitioner.Part::partition).containsExactly(0, 1, 2, 3);
  }

  @Test
  void split_onePartitionOrNoKey_handsTheBatchOn() {
    try (VectorSchemaRoot root = Flights.batch(10, 2, allocator)) {
      assertThat(KeyPartitioner.split(root, List.of("origin"), 1, allocator))
          .containsExactly(new KeyPartitioner.Part(0, root));
      assertThat(KeyPartitioner.split(root, List.of(), 8, allocator))
          .containsExactly(new KeyPartitioner.Part(0, root));
    }
  }

  @Test
  void split_empty_givesNothing() {
    assertThat(
            KeyPartitioner.split(Flights.batch(0, 2, allocator), List.of("origin"), 4, allocator))
        .isEmpty();
  }

  @Test
  void split_fails_closesTheBatch() {
    VectorSchemaRoot root = Flights.batch(10, 2, allocator);
    assertThatThrownBy(() -> KeyPartitioner.split(root, List.of("nope"), 4, allocator))
        .hasMessageContaining("nope");
  }
}
