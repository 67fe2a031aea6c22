package io.sagitta.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * What faults that are aimed at a step have in common: a way to wait inside the process that they
 * hit, its end, and marks in a folder, since each comes once in a run, however often the process
 * starts anew.
 */
final class Aim {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Path FOLDER = Path.of(System.getProperty(BugAgent.FOLDER, ""));

  private Aim() {}

  /**
   * Returns Java that tells whether a task, whose specification is {@code spec}, is one of these.
   */
  static String isOf(String chain, String spec) {
    return "%s.id().toString().startsWith(\"torture/%s/\")".formatted(spec, chain);
  }

  /** Returns whether {@code mark} was left. */
  static boolean has(String mark) {
    return Files.exists(FOLDER.resolve(mark));
  }

  /** Leaves {@code mark}, with the id of a process. */
  static void leave(String mark, long pid) {
    try {
      Files.writeString(FOLDER.resolve(mark), Long.toString(pid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the id of the process that {@code mark} names. */
  static long pid(String mark) {
    try {
      return Long.parseLong(Files.readString(FOLDER.resolve(mark)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the id of this process. */
  static long pid() {
    return ProcessHandle.current().pid();
  }

  /** Waits, not for ever. */
  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      pause(1);
    }
  }

  /** Waits a while. */
  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends a signal. */
  static void signal(String name, long pid) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves {@code mark} and ends this process as kill -9 would. */
  static void halt(String mark) {
    leave(mark, pid());
    Runtime.getRuntime().halt(137);
  }
}
