package io.sagitta.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FiguresTest {

  @Test
  void recoveries_ofOneFault_areTheLongestWayAndTheLongestTimeWithoutARow(@TempDir Path folder)
      throws Exception {
    write(
        folder.resolve("events.ndjson"),
        "{\"t\":10000,\"kind\":\"fault\",\"fault\":\"node-kill\",\"phase\":\"begin\",\"millis\":900}",
        "{\"t\":12000,\"kind\":\"fault\",\"fault\":\"node-kill\",\"phase\":\"end\",\"millis\":900}");
    write(
        folder.resolve("sent/plain.ndjson"),
        "{\"feeder\":\"f0\",\"n\":1,\"sent\":8000,\"acked\":8100}",
        "{\"feeder\":\"f0\",\"n\":2,\"sent\":9500,\"acked\":10500}",
        "{\"feeder\":\"f0\",\"n\":3,\"sent\":13000,\"acked\":13100}");
    write(folder.resolve("arrivals/plain.ndjson"), arrival(9000, 1), arrival(14000, 2));
    assertThat(Recoveries.in(folder))
        .containsExactly(new Verdict.Recovery(FaultKind.NODE_KILL, 4_500, 5_000));
  }

  @Test
  void recoveries_withoutFaults_areNone(@TempDir Path folder) throws Exception {
    assertThat(Recoveries.in(folder)).isEmpty();
  }

  @Test
  void figures_ofManyFaults_areByNearestRank() {
    List<Verdict.Recovery> recoveries =
        LongStream.rangeClosed(1, 200)
            .mapToObj(i -> new Verdict.Recovery(FaultKind.NODE_KILL, i, 1_000 - i))
            .toList();
    assertThat(Verdict.Figures.of(recoveries))
        .containsExactly(
            new Verdict.Figures(
                FaultKind.NODE_KILL,
                new Verdict.Percentiles(100, 198, 200),
                new Verdict.Percentiles(899, 997, 999)));
  }

  @Test
  void memory_thatGrows_hasItsSlope(@TempDir Path folder) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int minute = 0; minute < 10; minute++) {
      lines.add(
          "{\"t\":%d,\"process\":\"node-1\",\"pid\":7,\"rssKib\":%d}"
              .formatted(minute * 60_000, 1_024 * (100 + minute)));
    }
    write(folder.resolve("memory.ndjson"), lines.toArray(String[]::new));
    assertThat(MemorySlopes.in(folder))
        .singleElement()
        .satisfies(
            memory -> {
              assertThat(memory.process()).isEqualTo("node-1");
              assertThat(memory.lastMebibytes()).isEqualTo(109);
              assertThat(memory.mebibytesPerHour()).isCloseTo(60, within(0.1));
              assertThat(memory.starts()).isEqualTo(1);
              assertThat(memory.longestLifeMinutes()).isCloseTo(8, within(0.1));
              assertThat(memory.longestLifeMebibytesPerHour()).isCloseTo(60, within(0.1));
            });
  }

  @Test
  void unfit_everyShape_changesItsDefinition() {
    for (Shape shape : Shapes.ALL) {
      String definition = shape.definition(Map.of("parallelism", "2", "revision", "1"));
      assertThat(Shape.unfit(definition)).isNotEqualTo(definition);
    }
  }

  private static String arrival(long at, long n) {
    return "{\"t\":%d,\"part\":\"p\",\"feeder\":\"f0\",\"n\":%d}".formatted(at, n);
  }

  private static void write(Path file, String... lines) throws Exception {
    Files.createDirectories(file.resolveSibling("."));
    Files.write(file, List.of(lines));
  }
}
