package io.sagitta.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever becomes of a file, the reader answers soon: with a definition or an error. */
class MutationTest {
  private static final int ROUNDS = 3_000;

  /** The reader's own time: a busy machine's wall clock says nothing about it. */
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "[[[[[[[[",
          ": ",
          "- ",
          "\n",
          "  ",
          "\t",
          "'",
          "\"",
          "|",
          ">",
          "&a ",
          "*a",
          "!!x ",
          "---\n",
          "...\n",
          "%YAML 1.1\n",
          "? ",
          "#",
          ",",
          "~",
          "null",
          "-1",
          "1e999",
          ".nan",
          "${param:region}",
          "${secret:a}",
          "${",
          "}",
          "\u0000",
          "\uFEFF",
          "\uD83D\uDE00",
          "é",
          "%s",
          "9999999999999999999999",
          "<<: ",
          "\\x",
          "\r",
          "window: {tumbling: 1h}",
          "inputs: [once]");

  @Test
  void read_mutated_answersSoonWithDefinitionOrError() throws IOException {
    List<byte[]> texts = new ArrayList<>();
    for (String name : FixturesTest.valid()) {
      texts.add(Files.readAllBytes(FixturesTest.PIPELINES.resolve(Path.of("valid", name))));
    }
    Random random = new Random(20010101);
    int definitions = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] text = texts.get(random.nextInt(texts.size()));
      int mutations = 1 + random.nextInt(4);
      for (int i = 0; i < mutations; i++) {
        text = random.nextBoolean() ? mutateLines(text, random) : mutateBytes(text, random);
      }
      definitions += readSoon(text, round) ? 1 : 0;
    }
    assertThat(definitions).isBetween(ROUNDS / 100, ROUNDS - ROUNDS / 10);
  }

  @Test
  void read_hostile_answersSoonWithError() {
    for (String text :
        List.of(
            "[".repeat(500_000),
            "{a: ".repeat(200_000),
            "- ".repeat(500_000),
            "? ".repeat(500_000),
            "a: [" + "x,".repeat(500_000) + "]",
            "a:\n" + "  - x\n".repeat(170_000),
            "a: \"" + "\\u0041".repeat(170_000) + "\"",
            "a: '" + "''".repeat(500_000),
            "a: |\n" + " x\n".repeat(300_000),
            "#".repeat(1_000_000),
            "a: " + "x ".repeat(500_000),
            "&a ".repeat(300_000),
            "!<" + "a".repeat(1_000_000),
            "k".repeat(1_000_000) + ": 1",
            manyKeys())) {
      assertThat(readSoon(text.getBytes(StandardCharsets.UTF_8), -1)).isFalse();
    }
  }

  @Test
  void read_manyStages_answersSoon() {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: sagitta/v1
            kind: Pipeline
            metadata: {name: a, tenant: t}
            spec:
              mode: streaming
              sources: {s0: {type: http, schema: {id: {type: int64}}}}
              streams: {out: {inputs: [s5000]}}
              stages:
            """);
    for (int i = 1; i <= 5_000; i++) {
      text.append(
          "    s%d: {type: sql, inputs: [s%d], query: SELECT * FROM s%d WHERE id <> %d}\n"
              .formatted(i, i - 1, i - 1, i));
    }
    assertThat(readSoon(text.toString().getBytes(StandardCharsets.UTF_8), -1)).isTrue();
  }

  private static String manyKeys() {
    StringBuilder text = new StringBuilder("spec:\n  sources:\n");
    for (int i = 0; i < 50_000; i++) {
      text.append("    s").append(i).append(": {}\n");
    }
    return text.toString();
  }

  private static boolean readSoon(byte[] text, int round) {
    long start = CPU.getCurrentThreadCpuTime();
    ReadResult result = DefinitionReader.read("mutated.yaml", text);
    Duration took = Duration.ofNanos(CPU.getCurrentThreadCpuTime() - start);

    boolean error =
        result.problems().stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    String shown =
        new String(Arrays.copyOf(text, Math.min(text.length, 3_000)), StandardCharsets.UTF_8);
    assertThat(result.definition().isPresent())
        .as("round %d: %s", round, shown)
        .isNotEqualTo(error);
    assertThat(took).as("round %d: %s", round, shown).isLessThan(SOON);
    assertThat(result.problems()).allMatch(p -> p.line() >= 1 && p.column() >= 1);
    return result.definition().isPresent();
  }

  private static byte[] mutateLines(byte[] text, Random random) {
    List<String> lines =
        new ArrayList<>(List.of(new String(text, StandardCharsets.UTF_8).split("\n", -1)));
    int at = random.nextInt(lines.size());
    int other = random.nextInt(lines.size());
    switch (random.nextInt(5)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(other));
      case 2 -> Collections.swap(lines, at, other);
      case 3 -> lines.set(at, "  " + lines.get(at));
      default -> lines.set(at, lines.get(at).replaceFirst("^ ?", ""));
    }
    return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] mutateBytes(byte[] text, Random random) {
    int at = random.nextInt(text.length + 1);
    int end = Math.min(text.length, at + random.nextInt(8));
    ByteArrayOutputStream mutated = new ByteArrayOutputStream();
    mutated.write(text, 0, at);
    switch (random.nextInt(4)) {
      case 0 -> mutated.write(random.nextInt(256));
      case 1 ->
          mutated.writeBytes(
              PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8));
      case 2 -> end = at;
      default -> {} // Only what stood here is taken away.
    }
    mutated.write(text, end, text.length - end);
    return mutated.toByteArray();
  }
}
