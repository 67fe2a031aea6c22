package io.sagitta.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/** A Java agent that loads the classes of a folder in place of those of the same name. */
public final class BugAgent {
  private BugAgent() {}

  /** Begins; {@code folder} holds class files in folders that are their packages. */
  public static void premain(String folder, Instrumentation instrumentation) {
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte @Nullable [] transform(
              @Nullable ClassLoader loader,
              String name,
              @Nullable Class<?> redefined,
              @Nullable ProtectionDomain domain,
              byte[] classFile) {
            Path other = Path.of(folder, name + ".class");
            try {
              return Files.exists(other) ? Files.readAllBytes(other) : null;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
  }
}
