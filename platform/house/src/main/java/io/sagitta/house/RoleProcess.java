package io.sagitta.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One role as a child process, with its log in a file. */
public final class RoleProcess implements AutoCloseable {
  private static final int LAST_LINES = 15;

  private final String name;
  private final Process process;
  private final Path log;
  private final URI health;
  private final HttpClient http;

  private RoleProcess(String name, Process process, Path log, URI health, HttpClient http) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.health = health;
    this.http = http;
  }

  /**
   * Starts a role; {@link #awaitReady} tells when it serves.
   *
   * @param folder where its configuration and log go
   * @param heapMebibytes its largest heap
   * @param access how its health is asked for
   * @param configuration the text of its YAML file
   * @param environment more environment variables, such as secrets
   */
  static RoleProcess start(
      String name,
      String mainClass,
      Path folder,
      int heapMebibytes,
      int adminPort,
      HouseAccess access,
      String configuration,
      Map<String, String> environment) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(name + ".yml");
      Files.writeString(file, configuration);
      Path log = folder.resolve(name + ".log");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xmx" + heapMebibytes + "m");
      command.add("-XX:+UseSerialGC");
      command.add("-XX:+ExitOnOutOfMemoryError");
      command.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
      if (Runtime.version().feature() >= 24) {
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
      }
      command.add("-cp");
      command.add(System.getProperty("java.class.path"));
      command.add(RoleMain.class.getName());
      command.add(Long.toString(ProcessHandle.current().pid()));
      command.add(mainClass);
      command.add(file.toString());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      URI health = access.at(adminPort).resolve("/healthcheck");
      return new RoleProcess(name, builder.start(), log, health, access.client());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + name + " in " + folder, e);
    }
  }

  /**
   * Waits until the role is healthy.
   *
   * @throws HouseException if it ends or is not healthy within {@code timeout}; has its last words
   */
  void awaitReady(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!healthy()) {
      if (!process.isAlive()) {
        throw new HouseException("The " + name + " did not start:\n" + lastLines());
      }
      if (System.nanoTime() > deadline) {
        throw new HouseException(
            "The " + name + " is not healthy after " + timeout.toSeconds() + " s:\n" + lastLines());
      }
      Thread.sleep(50);
    }
  }

  private boolean healthy() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "(its log " + log + " cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Returns its process id. */
  public long pid() {
    return process.pid();
  }

  /** Returns where it writes its log. */
  public Path log() {
    return log;
  }

  /** Returns whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it like {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Asks it to end, without waiting. */
  void stop() {
    process.destroy();
  }

  /** Asks it to end, and makes it after a while. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
