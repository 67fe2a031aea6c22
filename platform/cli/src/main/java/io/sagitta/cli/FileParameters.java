package io.sagitta.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pipeline files and the environment they are meant in. */
final class FileParameters {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "Pipeline files, or folders with pipeline files in them.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "Read env/NAME.yaml beside each file: params, parallelism, pool, secrets.")
  private @Nullable String environment;

  List<DefinitionFile> files() {
    return DefinitionFile.find(paths, environment());
  }

  Optional<String> environment() {
    return Optional.ofNullable(environment);
  }
}
