package io.sagitta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each folder of {@code policies/} says exactly the lines of the {@code .expected} file beside it.
 * With {@code -Dpolicies.write=true} the lines are written anew.
 */
class PolicyFixturesTest {
  static final Path POLICIES = Path.of("src/test/resources/policies");
  static final Path SHIPPED = Path.of("../../security");

  @ParameterizedTest
  @MethodSource("invalid")
  void read_invalid_saysAllProblems(String name) throws IOException {
    PolicyResult result = PolicyReader.read(files(POLICIES.resolve(name)));

    String lines = result.problems().stream().map(p -> p + "\n").collect(Collectors.joining());
    Path expected = POLICIES.resolve(name + ".expected");
    if (Boolean.getBoolean("policies.write")) {
      Files.writeString(expected, lines, StandardCharsets.UTF_8);
    }
    assertThat(lines).isEqualTo(Files.readString(expected));
    assertThat(result.policy()).isEmpty();
  }

  @Test
  void read_shipped_isGoodWithoutAWarning() throws IOException {
    PolicyResult result = PolicyReader.read(files(SHIPPED));

    assertThat(result.problems()).isEmpty();
    assertThat(result.policy()).isPresent();
  }

  static List<PolicyFile> files(Path folder) throws IOException {
    List<PolicyFile> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.sorted().toList()) {
        files.add(new PolicyFile(file.getFileName().toString(), Files.readAllBytes(file)));
      }
    }
    return files;
  }

  static List<String> invalid() throws IOException {
    try (Stream<Path> all = Files.list(POLICIES)) {
      return all.filter(Files::isDirectory).map(p -> p.getFileName().toString()).sorted().toList();
    }
  }
}
