package io.sagitta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.Problem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever becomes of the files, the reader answers soon: with a policy or an error. */
class PolicyMutationTest {
  private static final int ROUNDS = 1_500;

  /** The reader's own time: a busy machine's wall clock says nothing about it. */
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private static final Duration SOON = Duration.ofSeconds(2);
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ": ",
          "- ",
          "\n",
          "  ",
          "\t",
          "'",
          "\"",
          "|",
          "&a ",
          "*a",
          "*",
          "!!x ",
          "---\n",
          "? ",
          "#",
          ",",
          "~",
          "null",
          "-1",
          "${secret:a}",
          "\u0000",
          "\uD83D\uDE00",
          "%s",
          "<<: ",
          "/",
          "..",
          "platform",
          "ada",
          "team-aviation",
          "aviation",
          "sagitta",
          "reader",
          "kind: Grants\n",
          "grants: x\n",
          "allow: 1\n",
          "to: [ada]",
          "127.0.0.1",
          "file:");

  @Test
  void read_mutated_answersSoonWithPolicyOrError() throws IOException {
    List<String> names = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    try (Stream<Path> all = Files.list(PolicyFixturesTest.SHIPPED)) {
      for (Path file : all.sorted().toList()) {
        names.add(file.getFileName().toString());
        texts.add(Files.readString(file).replaceAll("(?m)^ *#.*\n", ""));
      }
    }
    Random random = new Random(20261122);
    int policies = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<PolicyFile> files = new ArrayList<>();
      int mutated = random.nextInt(texts.size());
      for (int i = 0; i < texts.size(); i++) {
        String text = i == mutated ? mutate(texts.get(i), random) : texts.get(i);
        files.add(new PolicyFile(names.get(i), text.getBytes(StandardCharsets.UTF_8)));
      }
      policies += readSoon(files, "round " + round) ? 1 : 0;
    }
    assertThat(policies).isBetween(ROUNDS / 100, ROUNDS - ROUNDS / 10);
  }

  @Test
  void read_hostile_answersSoonWithError() {
    for (String text :
        List.of(
            "[".repeat(500_000),
            "{a: ".repeat(200_000),
            "a: &a [x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nkind: *c\n",
            Policies.HEAD + "Grants\ngrants: [" + "{},".repeat(40_000) + "]",
            Policies.HEAD
                + "Grants\ngrants: ["
                + "{role: admin, of: t, to: [x]},".repeat(9_000)
                + "]",
            "#".repeat(1_000_000))) {
      PolicyFile file = new PolicyFile("a.yaml", text.getBytes(StandardCharsets.UTF_8));
      assertThat(readSoon(List.of(file), text.substring(0, 30))).isFalse();
    }
  }

  @Test
  void read_longChainsAndCyclesOfGroups_answersSoonWithError() {
    String chain =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "  g%d: {members: [g%d]}\n".formatted(i, i + 1))
            .collect(Collectors.joining());
    for (String last : List.of("  g10000: {members: [ada]}\n", "  g10000: {members: [g0]}\n")) {
      String text = Policies.HEAD + "Subjects\npeople: {ada: {name: A}}\ngroups:\n" + chain + last;
      PolicyFile file = new PolicyFile("a.yaml", text.getBytes(StandardCharsets.UTF_8));
      assertThat(readSoon(List.of(file), last)).isFalse();
    }
  }

  private static boolean readSoon(List<PolicyFile> files, String what) {
    long start = CPU.getCurrentThreadCpuTime();
    PolicyResult result = PolicyReader.read(files);
    Duration took = Duration.ofNanos(CPU.getCurrentThreadCpuTime() - start);

    boolean error =
        result.problems().stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    assertThat(result.policy().isPresent()).as(what).isNotEqualTo(error);
    assertThat(took).as(what).isLessThan(SOON);
    assertThat(result.problems()).allMatch(p -> p.line() >= 1 && p.column() >= 1);
    return result.policy().isPresent();
  }

  private static String mutate(String text, Random random) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int at = random.nextInt(lines.size());
    switch (random.nextInt(6)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
      case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
      case 3 -> lines.set(at, "  " + lines.get(at));
      case 4 -> lines.set(at, lines.get(at).replaceFirst("\\w+", piece(random)));
      default -> {
        String line = lines.get(at);
        int cut = random.nextInt(line.length() + 1);
        lines.set(at, line.substring(0, cut) + piece(random) + line.substring(cut));
      }
    }
    return String.join("\n", lines);
  }

  private static String piece(Random random) {
    return Matcher.quoteReplacement(PIECES.get(random.nextInt(PIECES.size())));
  }
}
