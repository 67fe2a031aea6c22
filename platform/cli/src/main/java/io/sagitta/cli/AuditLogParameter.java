package io.sagitta.cli;

import io.sagitta.service.audit.AuditFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** Which audit log. */
final class AuditLogParameter {
  @Parameters(paramLabel = "DIR", description = "The folder of the audit log.")
  private Path folder = Path.of(".");

  /** Something that reads files. */
  @FunctionalInterface
  interface Reading<T> {
    T read(AuditFolder log) throws IOException;
  }

  /** Returns what {@code reading} makes of the log. */
  <T> T read(Reading<T> reading) {
    if (!Files.isDirectory(folder)) {
      throw CommandFailure.usage("There is no folder " + folder + " with an audit log in it.");
    }
    try {
      return reading.read(new AuditFolder(folder));
    } catch (IOException e) {
      throw CommandFailure.failed("The audit log in " + folder + " cannot be read: " + e);
    }
  }
}
