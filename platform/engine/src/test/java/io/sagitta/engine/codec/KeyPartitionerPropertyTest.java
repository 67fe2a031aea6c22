package io.sagitta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

class KeyPartitionerPropertyTest {
  private static final List<String> KEY = List.of("place", "number");

  /** A row's key, of two columns. */
  record Key(@Nullable String place, @Nullable Byte number) {}

  @Provide
  Arbitrary<List<Key>> keys() {
    Arbitrary<String> places =
        Arbitraries.of("", "a", "PHL", "seventeen bytes!!", "Zürich").injectNull(0.2);
    Arbitrary<Byte> numbers = Arbitraries.bytes().between((byte) -2, (byte) 2).injectNull(0.2);
    return Combinators.combine(places, numbers).as(Key::new).list().ofMaxSize(40);
  }

  @Property(tries = 400)
  void split_anyRows_losesNoneAndKeepsTheirOrder(
      @ForAll("keys") List<Key> keys, @ForAll @IntRange(min = 1, max = 9) int partitions) {
    Map<Integer, List<Integer>> parts = split(keys, 8, partitions, 0, keys.size());

    assertThat(parts.values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, keys.size()).boxed().toList());
    assertThat(parts.keySet()).allMatch(partition -> partition >= 0 && partition < partitions);
    assertThat(parts.values()).allSatisfy(rows -> assertThat(rows).isSorted());
  }

  @Property(tries = 400)
  void split_equalKeys_meetHoweverTheyAreLaidOut(
      @ForAll("keys") List<Key> keys,
      @ForAll @IntRange(min = 1, max = 9) int partitions,
      @ForAll @IntRange(max = 40) int from,
      @ForAll("widths") int bits) {
    Map<Key, Integer> partitionOf = new HashMap<>();
    split(keys, 8, partitions, 0, keys.size())
        .forEach(
            (partition, rows) ->
                rows.forEach(
                    row ->
                        assertThat(partitionOf.merge(keys.get(row), partition, (a, b) -> a))
                            .isEqualTo(partition)));

    int start = Math.min(from, keys.size());
    split(keys, bits, partitions, start, keys.size() - start)
        .forEach(
            (partition, rows) ->
                assertThat(rows)
                    .allSatisfy(
                        row -> assertThat(partitionOf).containsEntry(keys.get(row), partition)));
  }

  @Provide
  Arbitrary<Integer> widths() {
    return Arbitraries.of(8, 16, 32, 64);
  }

  /** Returns the rows of each partition, of a slice of a batch with integers that wide. */
  private static Map<Integer, List<Integer>> split(
      List<Key> keys, int bits, int partitions, int from, int count) {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot batch =
            new Batches(allocator)
                .column("row", signed(32), IntStream.range(0, keys.size()).boxed().toArray())
                .column("place", ArrowType.Utf8.INSTANCE, keys.stream().map(Key::place).toArray())
                .column(
                    "number",
                    signed(bits),
                    keys.stream().map(key -> wide(key.number(), bits)).toArray())
                .build()) {
      Map<Integer, List<Integer>> rows = new HashMap<>();
      for (KeyPartitioner.Part part :
          KeyPartitioner.split(Slices.of(batch, from, count), KEY, partitions, allocator)) {
        try (VectorSchemaRoot root = part.rows()) {
          List<Integer> ofPart = new ArrayList<>();
          for (int i = 0; i < root.getRowCount(); i++) {
            ofPart.add((Integer) Objects.requireNonNull(root.getVector("row").getObject(i)));
          }
          rows.put(part.partition(), ofPart);
        }
      }
      return rows;
    }
  }

  private static @Nullable Object wide(@Nullable Byte number, int bits) {
    if (number == null) {
      return null;
    }
    return bits == 64 ? (Object) number.longValue() : (Object) number.intValue();
  }

  private static ArrowType signed(int bits) {
    return new ArrowType.Int(bits, true);
  }
}
