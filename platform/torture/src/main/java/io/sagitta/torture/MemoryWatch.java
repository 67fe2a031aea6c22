package io.sagitta.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Notes every few seconds how much memory each process of an arena has resident; Linux only. */
final class MemoryWatch implements AutoCloseable {
  private static final int PERIOD_MILLIS = 5_000;
  private static final String RESIDENT = "VmRSS:";

  private final Arena arena;
  private final History history;
  private final Thread thread = new Thread(this::run, "memory-watch");

  /** Creates one, which starts with {@link #start}. */
  MemoryWatch(Arena arena, History history) {
    this.arena = arena;
    this.history = history;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        pids().forEach(this::note);
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      history.flush();
    }
  }

  private Map<String, Long> pids() {
    Map<String, Long> pids = new LinkedHashMap<>();
    pids.put("broker", arena.house().pulsar().pid());
    pids.put("control", arena.house().control().pid());
    pids.put("gateway", arena.house().gateway().pid());
    arena.house().nodes().forEach((name, node) -> pids.put(name, node.pid()));
    return pids;
  }

  private void note(String process, long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith(RESIDENT)) {
          String kibibytes = line.substring(RESIDENT.length()).replace("kB", "").strip();
          history.add(
              "memory",
              "{\"t\":%d,\"process\":\"%s\",\"pid\":%d,\"rssKib\":%s}"
                  .formatted(System.currentTimeMillis(), process, pid, kibibytes));
        }
      }
    } catch (IOException e) {
      // It has just been killed, or this is no Linux: there is nothing to note.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
