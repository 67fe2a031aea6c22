package io.sagitta.pulsar;

import java.nio.file.Path;

/**
 * A local Pulsar by hand: {@code java -cp … io.sagitta.pulsar.LocalPulsarMain DATA_DIR [BROKER_PORT
 * HTTP_PORT]}.
 */
public final class LocalPulsarMain {
  private LocalPulsarMain() {}

  /**
   * Starts the server, prints its addresses and runs until it or this process is ended; Ctrl-C
   * stops it in order.
   */
  public static void main(String[] args) {
    if (args.length != 1 && args.length != 3) {
      System.err.println("Usage: LocalPulsarMain DATA_DIR [BROKER_PORT HTTP_PORT]");
      System.exit(2);
    }
    try {
      LocalPulsar pulsar = LocalPulsar.start(options(args));
      Runtime.getRuntime().addShutdownHook(new Thread(pulsar::close, "close-pulsar"));
      System.out.printf(
          "Pulsar %s admin %s pid %d log %s%n",
          pulsar.brokerUrl(), pulsar.adminUrl(), pulsar.pid(), pulsar.log());
      int code = pulsar.awaitEnd();
      System.err.println("Pulsar ended with code " + code + "; see " + pulsar.log());
      System.exit(1);
    } catch (LocalPulsarException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static LocalPulsarOptions options(String[] args) {
    LocalPulsarOptions options = LocalPulsarOptions.in(Path.of(args[0]));
    return args.length == 1
        ? options.withPorts(
            LocalPulsarOptions.DEFAULT_BROKER_PORT, LocalPulsarOptions.DEFAULT_HTTP_PORT)
        : options.withPorts(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
  }
}
