package io.sagitta.house;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The main class of a role that belongs to another process: ends with it, however that ends, and
 * hands over to the role's own main class.
 */
final class RoleMain {
  private static final long LAST_WORDS_MILLIS = 20_000;

  private RoleMain() {}

  /** Arguments: the parent's process id, the main class, then its arguments. */
  public static void main(String[] args) throws Exception {
    Optional<ProcessHandle> parent = ProcessHandle.of(Long.parseLong(args[0]));
    if (parent.isEmpty()) {
      return;
    }
    var unused = parent.get().onExit().thenRun(RoleMain::end);
    try {
      Class.forName(args[1])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
    } catch (InvocationTargetException e) {
      Optional.ofNullable(e.getCause()).orElse(e).printStackTrace();
      System.exit(1);
    }
  }

  /** Shuts down as on SIGTERM, but not for ever: nobody is left to kill this process. */
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
}
