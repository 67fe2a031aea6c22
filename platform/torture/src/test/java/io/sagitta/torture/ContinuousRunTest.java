package io.sagitta.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the project's own CI runs leaves no fault and no shape out. */
final class ContinuousRunTest {

  @Test
  void ciRun_asksForEveryFaultAndShape() throws Exception {
    List<String> asked =
        Files.readAllLines(Path.of("..", "..", ".ci", "run")).stream()
            .flatMap(line -> Arrays.stream(line.strip().split("[ ,]")))
            .toList();
    assertThat(asked)
        .containsAll(Arrays.stream(FaultKind.values()).map(FaultKind::word).toList())
        .containsAll(TortureOptions.allShapes());
  }
}
