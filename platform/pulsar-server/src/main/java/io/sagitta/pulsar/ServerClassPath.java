package io.sagitta.pulsar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The class path of the child process, and the JVM's archive of the classes it loads.
 *
 * <p>Half of a broker's start is the reading and checking of some ten thousand classes from 300
 * jars. A class-data archive (JEP 350) takes that away: on a busy two-core machine a start went
 * from 10 s to 3.5 s. The first server that stops in order writes the archive beside the jars; the
 * later ones use it. An archive holds for one JVM and one set of jars, which its name says; the JVM
 * checks it once more. It may hold jars only, so the few classes of ours go into a jar of their
 * own.
 *
 * @param boot the jar with {@link BrokerMain}, {@link PlatformTokens} and what they need
 * @param lib the server's jars
 */
record ServerClassPath(Path boot, Path lib) {
  private static final List<String> IN_THE_SERVER =
      List.of(
          "BrokerMain.class",
          "JournalTail.class",
          "JournalTail$Place.class",
          "PlatformTokens.class",
          "TokenJudge.class",
          "TokenJudge$KeySet.class",
          "TokenState.class",
          "TokenState$Proven.class");

  /**
   * The class path of {@code runtime}; its boot jar stands in {@code fallback} where the runtime's
   * folder is read-only.
   */
  static ServerClassPath of(PulsarRuntime runtime, Path fallback) throws IOException {
    Path home = runtime.lib().resolve("..").normalize();
    return new ServerClassPath(bootJar(Files.isWritable(home) ? home : fallback), runtime.lib());
  }

  /** The value for {@code java -cp}. */
  String value() {
    return boot + System.getProperty("path.separator") + lib.resolve("*");
  }

  /** Where the archive for this JVM and these jars belongs; it need not exist. */
  Path archive() throws IOException {
    List<String> facts = new ArrayList<>();
    facts.add(System.getProperty("java.home") + System.getProperty("java.vm.version"));
    facts.add(describe(boot));
    try (Stream<Path> jars = Files.list(lib)) {
      for (Path jar : jars.sorted().toList()) {
        facts.add(describe(jar));
      }
    }
    byte[] key = String.join("\n", facts).getBytes(StandardCharsets.UTF_8);
    return boot.resolveSibling(ArchiveDraft.PREFIX + digest(key) + ArchiveDraft.ARCHIVE);
  }

  /**
   * Named by its content, so that it is written once and a running server's copy is never touched.
   */
  private static Path bootJar(Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(bytes)) {
      for (String name : IN_THE_SERVER) {
        String entry = ServerClassPath.class.getPackageName().replace('.', '/') + "/" + name;
        // A fixed time, so that the same classes make the same jar.
        JarEntry header = new JarEntry(entry);
        header.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
        out.putNextEntry(header);
        try (InputStream in = ServerClassPath.class.getResourceAsStream("/" + entry)) {
          Objects.requireNonNull(in, entry).transferTo(out);
        }
      }
    }
    byte[] code = bytes.toByteArray();
    Path jar = folder.resolve("boot-" + digest(code) + ".jar");
    if (!Files.exists(jar)) {
      Path draft = folder.resolve(UUID.randomUUID() + ".tmp");
      Files.write(draft, code);
      Files.move(draft, jar, StandardCopyOption.ATOMIC_MOVE);
    }
    return jar;
  }

  private static String describe(Path jar) throws IOException {
    return jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar);
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
