package io.sagitta.gateway.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.Source;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.BadDataException;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowDecoder;
import io.sagitta.engine.codec.RowEncoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import io.sagitta.service.ProblemException;
import io.sagitta.transport.Position;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged and made-up bytes for every parser that faces the network or an author. Each answers with
 * a result or with the one exception that says what is wrong, soon, and leaks nothing. For a long
 * run: {@code -Dtest=FuzzTest -Dfuzz.seconds=600 -Dfuzz.seed=7}; what it finds goes to {@code
 * src/test/resources/fuzz}, where every run begins.
 */
class FuzzTest {
  private static final double SECONDS =
      Double.parseDouble(System.getProperty("fuzz.seconds", "14"));
  private static final long SEED = Long.getLong("fuzz.seed", 4);
  private static final Duration SLOW = Duration.ofSeconds(10);
  private static final String STREAM = "aviation/flights/punctuality@1";
  private static final String DEFINITION =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: flights, tenant: aviation, owner: crew, description: "a: b"}
      spec:
        mode: streaming
        params: {region: {type: string, default: us}}
        sources:
          flights:
            type: http
            schema:
              b: {type: boolean}
              i8: {type: int8}
              i32: {type: int32, unit: min}
              i64: {type: int64}
              f: {type: float}
              d: {type: double}
              n: {type: "decimal(12,2)"}
              s: {type: string, required: true}
              x: {type: binary, sensitive: true}
              day: {type: date}
              t: {type: timestamp}
            event_time: {field: t, max_lateness: 1m}
        stages:
          clean: {type: clean, inputs: [flights], expect: {d is fine: d > 0}}
          hourly:
            type: sql
            inputs: [clean]
            key: [s]
            window: {tumbling: 1h, timezone: UTC}
            query: |
              SELECT s, count(*) AS n FROM clean GROUP BY s
        streams: {out: {inputs: [hourly], key: [s], retain: 7d}}
      """;
  private static final Source SOURCE =
      Objects.requireNonNull(
          DefinitionReader.read("fuzz.yaml", DEFINITION.getBytes(UTF_8))
              .definition()
              .orElseThrow()
              .spec()
              .sources()
              .get("flights"));

  /** What is thrown bytes at. */
  private enum Target {
    JSON_LINES(
        "{\"b\":true,\"i8\":1,\"i32\":3,\"f\":1.5,\"n\":1.10,\"s\":\"a\\u00e9\",\"x\":\"AQID\","
            + "\"day\":\"2001-01-01\",\"t\":\"2001-01-01T00:00:00Z\"}\n{\"s\":null}\n",
        "{\"s\":[{\"a\":[[[1e308]]]}],\"t\":1e99,\"d\":-0.0}\n\n{}\n[1]\n\"x\"\n") {
      @Override
      void parse(byte[] bytes, BufferAllocator allocator) {
        decode(RowFormat.JSON_LINES, bytes, allocator);
      }
    },
    JSON_ARRAY("[{\"s\":\"a\",\"i64\":9223372036854775807,\"t\":0},{\"s\":\"\\ud83d\\ude00\"}]") {
      @Override
      void parse(byte[] bytes, BufferAllocator allocator) {
        decode(RowFormat.JSON_ARRAY, bytes, allocator);
      }
    },
    CSV(
        "s,b,i8,d,n,day,t\na,true,1,1.5,1.10,2001-01-01,2001-01-01T00:00:00Z\n\"q\"\"\n\",,,,,,\n",
        "\uFEFFs;t\r\n\"\",\r\n") {
      @Override
      void parse(byte[] bytes, BufferAllocator allocator) {
        decode(RowFormat.CSV, bytes, allocator);
      }
    },
    ARROW() {
      @Override
      List<byte[]> seeds(BufferAllocator allocator) {
        try (RowDecoder.Decoded rows =
            RowDecoder.of("flights", SOURCE)
                .decode(
                    RowFormat.JSON_LINES,
                    ByteBuffer.wrap(JSON_LINES.seeds(allocator).get(0)),
                    Instant.EPOCH,
                    allocator)) {
          return List.of(IpcCodec.toBytes(rows.rows()));
        }
      }

      @Override
      void parse(byte[] bytes, BufferAllocator allocator) {
        decode(RowFormat.ARROW, bytes, allocator);
        try (VectorSchemaRoot rows =
            IpcCodec.decodeUntrusted(
                ByteBuffer.wrap(bytes),
                WireSchemas.of(SOURCE),
                IpcCodec.Limits.DEFAULT,
                allocator)) {
          assertThat(RowEncoder.encode(rows, RowFormat.JSON_LINES)).isNotNull();
        } catch (BadDataException e) {
          assertThat(e.getMessage()).contains(" ");
        }
      }
    },
    DEFINITION_YAML(
        DEFINITION,
        "a: &a [*a]\n",
        "a: !!javax.script.ScriptEngineManager [x]\n",
        "? ? ? a\n: - -") {
      @Override
      void parse(byte[] bytes, BufferAllocator allocator) {
        assertThat(DefinitionReader.read("fuzz.yaml", bytes).problems()).isNotNull();
      }
    },
    POLICY_YAML(
        "apiVersion: sagitta/v1\nkind: Connectors\nallow:\n  - {type: postgresql, for: [aviation],"
            + " hosts: [\"db:5432\", 127.0.0.1], databases: [ops], loopback: true}\n",
        "apiVersion: sagitta/v1\nkind: Grants\ngrants:\n  - {role: reader, of: a/b/c, to: [x, a/b]}\n",
        "apiVersion: sagitta/v1\nkind: Tenants\ntenants: {a: {purpose: p, owner: o, quota:"
            + " {rows_per_second: 1, storage: 20GiB, workers: 50%}}}\n",
        "apiVersion: sagitta/v1\nkind: Subjects\npeople: {ada: {name: Ada}}\ngroups: {g: {members:"
            + " [g]}}\n") {
      @Override
      void parse(byte[] bytes, BufferAllocator allocator) {
        assertThat(PolicyReader.read(List.of(new PolicyFile("fuzz.yaml", bytes))).problems())
            .isNotNull();
      }
    },
    CURSOR() {
      @Override
      List<byte[]> seeds(BufferAllocator allocator) {
        Cursor.Place place = new Cursor.Place(new Position(Long.MAX_VALUE - 2, 7), 12);
        String text = new Cursor(List.of(place, Cursor.Place.START)).text(STREAM);
        byte[] token = Base64.getUrlDecoder().decode(text);
        // Without its checksum, which is put back after each change: else nothing got past it.
        return List.of(Arrays.copyOf(token, token.length - Integer.BYTES));
      }

      @Override
      void parse(byte[] bytes, BufferAllocator allocator) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        byte[] token =
            ByteBuffer.allocate(bytes.length + Integer.BYTES)
                .put(bytes)
                .putInt((int) checksum.getValue())
                .array();
        read(Base64.getUrlEncoder().withoutPadding().encodeToString(token));
        read(new String(bytes, ISO_8859_1));
      }

      private void read(String text) {
        try {
          for (Cursor.Place place : Cursor.parse(text, STREAM, 4).places()) {
            assertThat(place.row()).isGreaterThanOrEqualTo(Cursor.Place.ALL);
            assertThat(place.message().ledger()).isGreaterThanOrEqualTo(-1);
            assertThat(place.message().entry()).isGreaterThanOrEqualTo(-1);
          }
        } catch (ProblemException e) {
          assertThat(e.getMessage()).isNotEmpty();
        }
      }
    };

    static final String BETWEEN = "\0";

    /** One text, since a list in an enumeration could change. */
    private final String texts;

    Target(String... texts) {
      this.texts = String.join(BETWEEN, texts);
    }

    List<byte[]> seeds(BufferAllocator allocator) {
      return Arrays.stream(texts.split(BETWEEN, -1)).map(text -> text.getBytes(UTF_8)).toList();
    }

    abstract void parse(byte[] bytes, BufferAllocator allocator);

    private static void decode(RowFormat format, byte[] bytes, BufferAllocator allocator) {
      try (RowDecoder.Decoded decoded =
          RowDecoder.of("flights", SOURCE)
              .decode(format, ByteBuffer.wrap(bytes), Instant.EPOCH, allocator)) {
        assertThat(RowEncoder.encode(decoded.rows(), RowFormat.JSON_LINES)).isNotNull();
        assertThat(RowEncoder.encode(decoded.rows(), RowFormat.CSV)).isNotNull();
      } catch (BadDataException e) {
        assertThat(e.getMessage()).contains(" ");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void anyBytes_giveAResultOrTheWordsForIt_soon(Target target) throws Exception {
    try (BufferAllocator allocator = new RootAllocator(1L << 30)) {
      Mutator mutator = new Mutator(SEED, target.seeds(allocator));
      for (byte[] found : fixtures(target)) {
        run(target, found, allocator);
        mutator.keep(found);
      }
      long end = System.nanoTime() + (long) (SECONDS / Target.values().length * 1e9);
      long inputs = 0;
      while (System.nanoTime() < end) {
        byte[] bytes = mutator.next();
        run(target, bytes, allocator);
        inputs++;
      }
      System.out.printf("Fuzzed %s with %,d inputs%n", target, inputs);
      assertThat(inputs).isPositive();
    }
  }

  private static void run(Target target, byte[] bytes, BufferAllocator allocator) {
    long began = processorNanos();
    try {
      target.parse(bytes, allocator);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(shown(target, bytes), e);
    }
    assertThat(Duration.ofNanos(processorNanos() - began))
        .as(() -> shown(target, bytes))
        .isLessThan(SLOW);
    assertThat(allocator.getAllocatedMemory()).as(() -> shown(target, bytes)).isZero();
  }

  /** Not the clock: a test has the machine not to itself. */
  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static String shown(Target target, byte[] bytes) {
    return target + " fails on these bytes: " + HexFormat.of().formatHex(bytes);
  }

  /** Returns what earlier runs found: a hexadecimal line each. */
  private static List<byte[]> fixtures(Target target) throws IOException {
    List<byte[]> found = new ArrayList<>();
    try (InputStream lines =
        FuzzTest.class.getResourceAsStream("/fuzz/" + target.name() + ".hex")) {
      for (String line :
          lines == null
              ? List.<String>of()
              : new String(lines.readAllBytes(), UTF_8).lines().toList()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          found.add(HexFormat.of().parseHex(line.strip()));
        }
      }
    }
    return found;
  }
}
