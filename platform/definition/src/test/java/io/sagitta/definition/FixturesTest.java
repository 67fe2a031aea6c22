package io.sagitta.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file of {@code pipelines/} says exactly the lines of the {@code .expected} file beside it;
 * without one, nothing at all. With {@code -Dpipelines.write=true} the lines are written anew.
 */
class FixturesTest {
  static final Path PIPELINES = Path.of("src/test/resources/pipelines");

  @ParameterizedTest
  @MethodSource("invalid")
  void read_invalid_saysAllProblems(String name) throws IOException {
    ReadResult result = read(PIPELINES.resolve("invalid"), name);

    assertThat(lines(result)).isEqualTo(expected("invalid", name, result));
    assertThat(result.definition()).isEmpty();
    assertThat(result.problems()).anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void read_valid_givesDefinition(String name) throws IOException {
    ReadResult result = read(PIPELINES.resolve("valid"), name);

    assertThat(lines(result)).isEqualTo(expected("valid", name, result));
    assertThat(result.definition()).isPresent();
  }

  static ReadResult read(Path folder, String name) throws IOException {
    byte[] text = Files.readAllBytes(folder.resolve(name));
    Path environment = folder.resolve("env").resolve(name);
    return Files.exists(environment)
        ? DefinitionReader.read(name, text, "env/" + name, Files.readAllBytes(environment))
        : DefinitionReader.read(name, text);
  }

  private static String lines(ReadResult result) {
    return result.problems().stream().map(p -> p + "\n").collect(Collectors.joining());
  }

  private static String expected(String folder, String name, ReadResult result) throws IOException {
    Path file = PIPELINES.resolve(folder).resolve(name.replace(".yaml", ".expected"));
    if (Boolean.getBoolean("pipelines.write") && !result.problems().isEmpty()) {
      Files.writeString(file, lines(result), StandardCharsets.UTF_8);
    }
    return Files.exists(file) ? Files.readString(file) : "";
  }

  static List<String> valid() throws IOException {
    return names("valid");
  }

  static List<String> invalid() throws IOException {
    return names("invalid");
  }

  private static List<String> names(String folder) throws IOException {
    try (var files = Files.list(PIPELINES.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }
}
