package io.sagitta.control;

import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** One real Pulsar for all tests of this room; it ends with the tests' process. */
final class SharedPulsar {
  private static final LocalPulsar PULSAR = start();

  private SharedPulsar() {}

  private static LocalPulsar start() {
    try {
      return LocalPulsar.start(
          LocalPulsarOptions.in(Files.createTempDirectory("sagitta-control")).withFsync(false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LocalPulsar get() {
    return PULSAR;
  }
}
