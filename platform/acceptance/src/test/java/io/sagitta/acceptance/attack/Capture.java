package io.sagitta.acceptance.attack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What goes over ports of loopback, packet by packet. */
final class Capture {
  private static final Path SCRIPT = Path.of("src/test/python/capture.py");

  private final Process process;
  private final BufferedReader words;
  private final Path file;

  private Capture(Process process, BufferedReader words, Path file) {
    this.process = process;
    this.words = words;
    this.file = file;
  }

  /** Begins; empty if this machine has no Python or we are not root. */
  static Optional<Capture> begin(Path file, Collection<Integer> ports) throws IOException {
    if (!System.getProperty("user.name", "").equals("root")) {
      return Optional.empty();
    }
    String list = ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    List<String> command = List.of("python3", SCRIPT.toString(), file.toString(), list);
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return Optional.empty();
    }
    BufferedReader words =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String word = words.readLine();
    if (!"ready".equals(word)) {
      process.destroy();
      throw new IOException("The capture does not begin: " + word);
    }
    return Optional.of(new Capture(process, words, file));
  }

  /** Ends; returns the bytes of all packets. */
  byte[] end() throws IOException {
    process.getOutputStream().close();
    String packets = words.readLine();
    if (packets == null || Long.parseLong(packets) == 0) {
      throw new IOException("The capture saw no packet");
    }
    return Files.readAllBytes(file);
  }
}
