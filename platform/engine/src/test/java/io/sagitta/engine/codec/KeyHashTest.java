package io.sagitta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyHashTest {
  private static final ArrowType UTF8 = ArrowType.Utf8.INSTANCE;
  private static final ArrowType BINARY = ArrowType.Binary.INSTANCE;
  private static final ArrowType BOOL = ArrowType.Bool.INSTANCE;
  private static final ArrowType DATE = new ArrowType.Date(DateUnit.DAY);
  private static final ArrowType FLOAT = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
  private static final ArrowType DOUBLE =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  @Test
  void hash64_pinnedVectors() {
    assertThat(hex(UTF8, "", "a", "PHL", "sevenby", "eight by", "seventeen bytes!!", "Zürich"))
        .containsExactly(
            "ad0fbcb97bfe7a74",
            "27516a406abe3650",
            "c57a63d522f51cfc",
            "3ecac24e0d796210",
            "0844a6177de45d7b",
            "6c81c8ff452d5fa4",
            "b01c7af2a140286a");
    assertThat(hex(signed(64), 0L, 1L, -1L, 2176L, Long.MIN_VALUE))
        .containsExactly(
            "624d34f9143bbb85",
            "30982e2586de100f",
            "7279e21a41561465",
            "5e51a4c2864c7cc5",
            "5cc66405b62ebe34");
    assertThat(hex(BOOL, false, true, null))
        .containsExactly("f955b5881a882d0d", "247a463d17dd4e8e", "708778e4f48d2d9a");
    assertThat(hex(DOUBLE, 0.0, 1.5, Double.NaN))
        .containsExactly("817b50763da5db84", "6b3bfce066907694", "ef1671ba2e915392");
    assertThat(hex(micros(), 978_307_260_000_000L)).containsExactly("4403d5198cfb557e");
    assertThat(hex(DATE, 11_323)).containsExactly("4dbb6c0226a657ff");
    assertThat(hex(new ArrowType.Decimal(12, 2, 128), new BigDecimal("1.10")))
        .containsExactly("bf9218e4a6089464");
    assertThat(hex(BINARY, new byte[] {1, 2, 3})).containsExactly("4f1112f5a10e0d39");
  }

  @Test
  void hash128_pinnedVectors() {
    try (VectorSchemaRoot root =
        new Batches(allocator)
            .column("a", UTF8, "LAS", "a longer string", null)
            .column("b", signed(32), 1, 2, 3)
            .build()) {
      KeyHash.Hashes128 hashes = KeyHash.hash128(root, List.of("a", "b"));
      List<String> hex = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        hex.add("%016x%016x".formatted(hashes.high()[i], hashes.low()[i]));
      }
      assertThat(hex)
          .containsExactly(
              "d08535af90885a36f5a48f769bb2b18c",
              "9ad974b462abf189024672b8ffe4433a",
              "e206682a26fffa6f4aca2135d39a28f6");
    }
  }

  @Test
  void hash64_integersOfAnyWidth_areOneValue() {
    for (int value : new int[] {0, 1, -1, 100, -128}) {
      assertThat(hex(signed(8), value)).isEqualTo(hex(signed(64), (long) value));
      assertThat(hex(signed(16), value)).isEqualTo(hex(signed(64), (long) value));
      assertThat(hex(signed(32), value)).isEqualTo(hex(signed(64), (long) value));
    }
  }

  @Test
  void hash64_floatsAreCanonical() {
    assertThat(hex(DOUBLE, -0.0)).isEqualTo(hex(DOUBLE, 0.0)).isEqualTo(hex(FLOAT, -0.0f));
    double otherNan = Double.longBitsToDouble(0xfff8000000000123L);
    assertThat(hex(DOUBLE, otherNan)).isEqualTo(hex(DOUBLE, Double.NaN));
    assertThat(hex(FLOAT, Float.NaN)).isEqualTo(hex(DOUBLE, Double.NaN));
    assertThat(hex(FLOAT, 1.5f)).isEqualTo(hex(DOUBLE, 1.5));
  }

  @Test
  void hash64_decimalsByValue() {
    assertThat(hex(new ArrowType.Decimal(12, 2, 128), new BigDecimal("1.10")))
        .isEqualTo(hex(new ArrowType.Decimal(38, 1, 128), new BigDecimal("1.1")))
        .isNotEqualTo(hex(new ArrowType.Decimal(38, 1, 128), new BigDecimal("11.0")));
    assertThat(hex(new ArrowType.Decimal(12, 2, 128), BigDecimal.ZERO))
        .isEqualTo(hex(new ArrowType.Decimal(5, 0, 128), BigDecimal.ZERO));
  }

  @Test
  void hash64_timestampsByInstant() {
    assertThat(hex(new ArrowType.Timestamp(TimeUnit.SECOND, null), 978_307_260L))
        .isEqualTo(hex(new ArrowType.Timestamp(TimeUnit.MILLISECOND, "UTC"), 978_307_260_000L))
        .isEqualTo(hex(micros(), 978_307_260_000_000L));
  }

  @Test
  void hash64_similarKeys_differ() {
    Set<String> seen = new HashSet<>();
    seen.addAll(hex(UTF8, "", "\0", "\0\0", "\0\0\0\0\0\0\0", "\0\0\0\0\0\0\0\0", null, "0", "1"));
    seen.addAll(hex(signed(32), 0, 1));
    seen.addAll(hex(BOOL, false, true));
    seen.addAll(hex(DOUBLE, 0.0, 1.0));
    seen.addAll(hex(BINARY, new byte[0], new byte[1]));
    assertThat(seen).hasSize(16);
  }

  @Test
  void hash64_columnsKeepTheirBounds() {
    try (VectorSchemaRoot root =
        new Batches(allocator)
            .column("a", UTF8, "ab", "a", null, "")
            .column("b", UTF8, "c", "bc", "", null)
            .build()) {
      long[] hashes = KeyHash.hash64(root, List.of("a", "b"));
      assertThat(hashes).doesNotHaveDuplicates();
      assertThat(KeyHash.hash64(root, List.of("b", "a"))).isNotEqualTo(hashes);
    }
  }

  @Test
  void hash64_doesNotDependOnLayout() {
    try (VectorSchemaRoot root = Flights.batch(1000, 3, allocator);
        VectorSchemaRoot slice = root.slice(333, 100)) {
      List<String> key = List.of("origin", "delay", "date");
      long[] whole = KeyHash.hash64(root, key);
      long[] part = KeyHash.hash64(slice, key);
      for (int i = 0; i < 100; i++) {
        assertThat(part[i]).isEqualTo(whole[333 + i]);
      }
    }
  }

  @Test
  void hash128_halvesAreIndependent() {
    try (VectorSchemaRoot root = Flights.batch(50_000, 3, allocator)) {
      KeyHash.Hashes128 hashes = KeyHash.hash128(root, List.of("date"));
      assertThat(hashes.high()).doesNotHaveDuplicates();
      assertThat(hashes.low()).doesNotHaveDuplicates();
      long differing = 0;
      for (int i = 0; i < 50_000; i++) {
        differing += Long.bitCount(hashes.high()[i] ^ hashes.low()[i]);
      }
      assertThat(differing / 50_000.0).isBetween(31.5, 32.5);
    }
  }

  @Test
  void hash64_unknownColumn_namesIt() {
    try (VectorSchemaRoot root = Flights.batch(1, 3, allocator)) {
      assertThatThrownBy(() -> KeyHash.hash64(root, List.of("orgin")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("orgin");
    }
  }

  private List<String> hex(ArrowType type, @Nullable Object... values) {
    try (VectorSchemaRoot root = new Batches(allocator).column("k", type, values).build()) {
      List<String> hex = new ArrayList<>();
      for (long hash : KeyHash.hash64(root, List.of("k"))) {
        hex.add("%016x".formatted(hash));
      }
      return hex;
    }
  }

  private static ArrowType signed(int bits) {
    return new ArrowType.Int(bits, true);
  }

  private static ArrowType micros() {
    return new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
  }
}
