package io.sagitta.pulsar;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder that holds the jars of the real Pulsar server.
 *
 * @param lib an existing folder with the server's jars
 */
public record PulsarRuntime(Path lib) {
  /** The system property that names the folder, before any other place is looked at. */
  public static final String LIB_PROPERTY = "sagitta.pulsar.lib";

  static final String BUILD_COMMAND =
      "./mvnw -q -B -DskipTests -pl platform/pulsar-server -am package";

  private static final String IN_THE_DISTRIBUTION = "pulsar/lib";
  private static final String IN_THE_REPOSITORY =
      "platform/pulsar-server/runtime/target/pulsar/lib";

  public PulsarRuntime {
    lib = lib.toAbsolutePath().normalize();
    if (!holdsBroker(lib)) {
      throw new LocalPulsarException(
          "No Pulsar server in %s: no pulsar-broker-*.jar there. Build it: %s"
              .formatted(lib, BUILD_COMMAND));
    }
  }

  /**
   * Finds the server: where {@value #LIB_PROPERTY} says, else in the distribution or the repository
   * that this class was loaded from, else in the repository around the working directory.
   *
   * @throws LocalPulsarException if it is in none of these places; names them and the command that
   *     builds it
   */
  public static PulsarRuntime locate() {
    Optional<String> named = Optional.ofNullable(System.getProperty(LIB_PROPERTY));
    if (named.isPresent()) {
      return new PulsarRuntime(Path.of(named.get()));
    }
    List<Path> candidates = new ArrayList<>();
    for (Path start : List.of(ownCode(), Path.of("").toAbsolutePath())) {
      for (Path folder = start; folder != null; folder = folder.getParent()) {
        candidates.add(folder.resolve(IN_THE_DISTRIBUTION));
        candidates.add(folder.resolve(IN_THE_REPOSITORY));
      }
    }
    return candidates.stream()
        .filter(PulsarRuntime::holdsBroker)
        .findFirst()
        .map(PulsarRuntime::new)
        .orElseThrow(
            () ->
                new LocalPulsarException(
                    ("No Pulsar server found: neither %s nor %s in or above %s or %s. Build it: %s; or name its folder:"
                            + " -D%s=…")
                        .formatted(
                            IN_THE_DISTRIBUTION,
                            IN_THE_REPOSITORY,
                            ownCode(),
                            Path.of("").toAbsolutePath(),
                            BUILD_COMMAND,
                            LIB_PROPERTY)));
  }

  /** The jar or class folder this room itself was loaded from. */
  static Path ownCode() {
    try {
      return Path.of(
          PulsarRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new LocalPulsarException("This class was loaded from a place that is no file", e);
    }
  }

  private static boolean holdsBroker(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(folder, "pulsar-broker-[0-9]*.jar")) {
      return jars.iterator().hasNext();
    } catch (IOException e) {
      throw new LocalPulsarException("Cannot read %s: %s".formatted(folder, e.getMessage()), e);
    }
  }
}
