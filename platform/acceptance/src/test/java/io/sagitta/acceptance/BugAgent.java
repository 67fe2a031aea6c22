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
  /** The property that names the folder. */
  static final String FOLDER = "sagitta.test.changes";

  private BugAgent() {}

  /** Begins; {@code folder} has class files in {@code classes}, by package. */
  public static void premain(String folder, Instrumentation instrumentation) {
    System.setProperty(FOLDER, folder);
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte @Nullable [] transform(
              @Nullable ClassLoader loader,
              String name,
              @Nullable Class<?> redefined,
              @Nullable ProtectionDomain domain,
              byte[] classFile) {
            Path other = Path.of(folder, "classes", name + ".class");
            try {
              return Files.exists(other) ? Files.readAllBytes(other) : null;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
  }
}
