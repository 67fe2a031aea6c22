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
 * The main class of the child process: takes the data folder's lock, ends itself when its parent
 * ends, and hands over to Pulsar's own starter.
 *
 * <p>The lock is the operating system's, so it goes with the process, however that ends. So does
 * the watch: a parent killed with -9 leaves no broker behind.
 */
final class BrokerMain {
  /** The exit code of a process that found its data folder in use. */
  static final int DATA_IN_USE = 75;

  static final String LOCK_FILE = "broker.lock";

  private static final String STARTER = "org.apache.pulsar.PulsarStandaloneStarter";
  private static final long LAST_WORDS_MILLIS = 15_000;

  private BrokerMain() {}

  /** Arguments: the parent's process id, the data folder, then those of Pulsar's starter. */
  public static void main(String[] args) throws Exception {
    long parent = Long.parseLong(args[0]);
    Path dataDir = Path.of(args[1]);
    endWith(parent);
    if (!lock(dataDir.resolve(LOCK_FILE))) {
      System.exit(DATA_IN_USE);
    }
    try {
      Class.forName(STARTER)
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
    } catch (InvocationTargetException e) {
      Optional.ofNullable(e.getCause()).orElse(e).printStackTrace();
      System.exit(1);
    }
  }

  private static void endWith(long parent) {
    Optional<ProcessHandle> handle = ProcessHandle.of(parent);
    if (handle.isEmpty()) {
      System.exit(0);
      return;
    }
    var unused = handle.get().onExit().thenRun(BrokerMain::end);
  }

  /**
   * Lets Pulsar shut down as it does on SIGTERM, but not for ever: nobody is left to kill this
   * process.
   */
  private static void end() {
    Thread bound =
        new Thread(
            () -> {
              try {
                Thread.sleep(LAST_WORDS_MILLIS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(1);
            },
            "bounded-shutdown");
    bound.setDaemon(true);
    bound.start();
    System.exit(0);
  }

  /** Takes the lock for the life of this process; the channel is left open on purpose. */
  private static boolean lock(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      return false;
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return true;
  }
}
