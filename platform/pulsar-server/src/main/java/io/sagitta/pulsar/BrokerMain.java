package io.sagitta.pulsar;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * The main class of the child process: takes the data folder's lock, starts Pulsar's own
 * standalone, and stops it in order when standard input ends.
 *
 * <p>Standard input is a pipe that the parent holds and never writes to. It ends when the parent
 * closes it, and when the parent is gone, however that happened: {@code kill -9} of the parent
 * leaves no broker behind. The lock is the operating system's, so it goes with this process
 * likewise.
 *
 * <p>Pulsar's own reaction to SIGTERM stops broker and bookie at the same time, so the broker's
 * last words fail. Here the broker is closed before the bookie. Ctrl-C reaches every process of a
 * terminal; it is ignored here, so that the parent can drain its work while the broker still runs.
 *
 * <p>A journal that a crash left half written is mended first, see {@link JournalTail}.
 *
 * <p>This class is packed by {@link ServerClassPath} into a jar with those it names, and no other
 * of ours.
 */
final class BrokerMain {
  /** The exit code of a process that found its data folder in use. */
  static final int DATA_IN_USE = 75;

  static final String LOCK_FILE = "broker.lock";

  /** Where the bookie keeps its journals, within the data folder. */
  static final String JOURNALS = "bookkeeper/current";

  private static final String STARTER = "org.apache.pulsar.PulsarStandaloneStarter";
  private static final long SHUTDOWN_MILLIS = 15_000;

  private BrokerMain() {}

  /** Arguments: the data folder, then those of Pulsar's starter. */
  public static void main(String[] args) throws Exception {
    ignoreInterrupt();
    Optional<FileChannel> lock = lock(Path.of(args[0]).resolve(LOCK_FILE));
    if (lock.isEmpty()) {
      System.exit(DATA_IN_USE);
    }
    JournalTail.mend(Path.of(args[0]).resolve(JOURNALS)).ifPresent(System.err::println);
    try {
      Class<?> type = Class.forName(STARTER);
      Object starter =
          type.getConstructor(String[].class)
              .newInstance((Object) Arrays.copyOfRange(args, 1, args.length));
      daemon("end-of-input", () -> endWithInput((AutoCloseable) starter, lock.get()));
      type.getMethod("start").invoke(starter);
    } catch (InvocationTargetException e) {
      explain(Optional.ofNullable(e.getCause()).orElse(e));
      System.exit(1);
    }
  }

  /** The causes come last, because the parent shows the last lines. */
  private static void explain(Throwable failure) {
    failure.printStackTrace();
    System.err.println("Pulsar did not start:");
    for (Optional<Throwable> cause = Optional.of(failure);
        cause.isPresent();
        cause = cause.map(Throwable::getCause)) {
      System.err.println("  " + cause.get());
    }
  }

  /**
   * Gives the lock back after everything else. It must be reachable until then: a collected channel
   * is a closed one, and its lock is gone.
   */
  private static void endWithInput(AutoCloseable starter, FileChannel lock) {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever written; only the end matters.
      }
    } catch (IOException e) {
      System.err.println("Standard input broke, taken as its end: " + e);
    }
    daemon("bounded-shutdown", BrokerMain::haltAfterBound);
    try {
      starter.close();
      lock.close();
    } catch (Exception e) {
      System.err.println("Not closed in order: " + e);
    }
    System.exit(0);
  }

  /** Nobody may be left to kill a process that hangs in its own shutdown. */
  private static void haltAfterBound() {
    try {
      Thread.sleep(SHUTDOWN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * By reflection, because the compiler rightly warns of {@code sun.misc}; where it is missing
   * Ctrl-C just ends us earlier.
   */
  private static void ignoreInterrupt() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance("INT"),
              handler.getField("SIG_IGN").get(null));
    } catch (ReflectiveOperationException e) {
      System.err.println("Ctrl-C will end Pulsar before its parent: " + e);
    }
  }

  /** Takes the lock; none if another process has it. */
  private static Optional<FileChannel> lock(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      return Optional.empty();
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return Optional.of(channel);
  }
}
