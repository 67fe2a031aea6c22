package io.sagitta.engine.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scanner against Jackson, over random objects and damaged ones; seeded. */
class JsonScannerTest {
  private static final int BODIES = 400;

  private final BufferAllocator allocator = new RootAllocator();
  private final Random random = new Random(42);

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  @Test
  void object_randomBodies_readsAsJacksonDoes() {
    int kept = 0;
    int rejected = 0;
    for (int n = 0; n < BODIES; n++) {
      byte[] body = body();
      if (n % 2 == 1) {
        damage(body);
      }
      try (RowDecoder.Decoded fast = decode(body);
          RowDecoder.Decoded slow = jackson(body)) {
        assertThat(text(fast)).as(new String(body, UTF_8)).isEqualTo(text(slow));
        kept += fast.rows().getRowCount();
        rejected += fast.rejects().map(VectorSchemaRoot::getRowCount).orElse(0);
      }
    }
    assertThat(kept).isGreaterThan(BODIES);
    assertThat(rejected).isGreaterThan(BODIES / 2);
  }

  @Test
  void object_stringsAndNumbers_equalJacksonsTree() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    for (int n = 0; n < BODIES; n++) {
      String line =
          "{\"s\":%s,\"d\":%s,\"i64\":%d}".formatted(string(), number(), random.nextLong());
      JsonNode node = mapper.readTree(line);
      try (RowDecoder.Decoded decoded = decode(line.getBytes(UTF_8))) {
        VectorSchemaRoot rows = decoded.rows();
        assertThat(rows.getRowCount()).as(line).isEqualTo(1);
        assertThat(rows.getVector("s").getObject(0)).hasToString(node.get("s").textValue());
        assertThat(rows.getVector("d").getObject(0)).isEqualTo(node.get("d").doubleValue());
        assertThat(rows.getVector("i64").getObject(0)).isEqualTo(node.get("i64").longValue());
      }
    }
  }

  private byte[] body() {
    StringBuilder body = new StringBuilder();
    for (int line = random.nextInt(12) + 1; line > 0; line--) {
      List<String> members = new ArrayList<>();
      for (String key :
          new String[] {"b", "i8", "i32", "i64", "f", "d", "n", "s", "t", "é", "zz"}) {
        if (random.nextInt(5) > 0) {
          members.add(space() + '"' + key + '"' + space() + ':' + space() + value(key) + space());
        }
      }
      if (random.nextBoolean()) {
        Collections.shuffle(members, random);
      }
      if (random.nextInt(20) == 0 && !members.isEmpty()) {
        members.add(members.get(0));
      }
      body.append(space()).append('{').append(String.join(",", members)).append('}');
      body.append(space()).append(random.nextInt(10) == 0 ? "\r\n\n" : "\n");
    }
    return body.toString().getBytes(UTF_8);
  }

  private String value(String key) {
    if (random.nextInt(80) == 0) {
      return List.of("null", "true", "[1, {}]", "{\"a\":\"}\"}", "\"x\"", "1", "tru", "-", "1.5")
          .get(random.nextInt(9));
    }
    return switch (key) {
      case "b" -> random.nextBoolean() ? "true" : "false";
      case "i8" -> String.valueOf(random.nextInt(257) - 128);
      case "i32" -> random.nextInt(20) > 0 ? String.valueOf(random.nextInt()) : number();
      case "i64" -> String.valueOf(random.nextLong());
      case "t" ->
          "\"2001-01-%02dT00:01:0%dZ\"".formatted(random.nextInt(31) + 1, random.nextInt(10));
      case "n" -> random.nextInt(1000) + "." + random.nextInt(100);
      case "s", "é", "zz" -> string();
      default -> number();
    };
  }

  private String number() {
    return switch (random.nextInt(5)) {
      case 0 -> String.valueOf(random.nextInt(1000));
      case 1 -> String.valueOf(random.nextGaussian());
      case 2 ->
          (random.nextBoolean() ? "-" : "") + random.nextInt(1000) + "." + random.nextInt(100);
      case 3 -> random.nextInt(1000) + "." + Long.toUnsignedString(random.nextLong());
      default -> random.nextInt(1000) + "e" + (random.nextInt(60) - 30);
    };
  }

  private String string() {
    StringBuilder text = new StringBuilder("\"");
    for (int i = random.nextInt(12); i > 0; i--) {
      switch (random.nextInt(9)) {
        case 0 -> text.append('\\').append("\"nrtbf/\\".charAt(random.nextInt(8)));
        case 1 -> text.append("\\u%04x".formatted(random.nextInt(0xD800)));
        case 2 -> text.append("\\uD83D\\uDE%02X".formatted(random.nextInt(64)));
        case 3 ->
            text.append("é€😀ß漢".codePoints().skip(random.nextInt(5)).findFirst().orElseThrow());
        default -> text.append((char) ('a' + random.nextInt(26)));
      }
    }
    return text.append('"').toString();
  }

  private String space() {
    return random.nextInt(6) == 0 ? List.of(" ", "\t", "  ").get(random.nextInt(3)) : "";
  }

  private void damage(byte[] body) {
    for (int i = random.nextInt(9) + 1; i > 0; i--) {
      int at = random.nextInt(body.length);
      body[at] =
          random.nextBoolean()
              ? (byte) "{}[]\",:\\0.-e\n".charAt(random.nextInt(13))
              : (byte) (body[at] ^ 1 << random.nextInt(8));
    }
  }

  private RowDecoder.Decoded decode(byte[] body) {
    return RowDecoder.of("e", Sources.EVERYTHING)
        .decode(RowFormat.JSON_LINES, ByteBuffer.wrap(body), Instant.EPOCH, allocator);
  }

  /** Reads line by line with Jackson alone. */
  private RowDecoder.Decoded jackson(byte[] body) {
    BodyRows rows = new BodyRows("e", Sources.EVERYTHING, RowDecoder.Limits.DEFAULT, 0, 16);
    JsonTree tree = new JsonTree(rows);
    int line = 1;
    for (int from = 0; from < body.length; line++) {
      int end = from;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      int next = end + 1;
      while (from < end && " \t\r".indexOf(body[from]) >= 0) {
        from++;
      }
      while (end > from && " \t\r".indexOf(body[end - 1]) >= 0) {
        end--;
      }
      if (from < end) {
        tree.read(body, from, end, "line " + line);
      }
      from = next;
    }
    return rows.finish(allocator);
  }

  private static String text(RowDecoder.Decoded decoded) {
    StringBuilder text = new StringBuilder();
    text.append(new String(RowEncoder.encode(decoded.rows(), RowFormat.JSON_LINES), UTF_8));
    decoded
        .rejects()
        .ifPresent(
            rejects -> text.append(new String(RowEncoder.encode(rejects, RowFormat.CSV), UTF_8)));
    return text.toString();
  }
}
