package io.sagitta.pulsar;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.Random;

/** Ports on loopback: taken ones are named, free ones are found. */
final class Ports {
  /** Below the range from which Linux, macOS and Windows give ports to outgoing connections. */
  private static final int LASTING_FROM = 20_000;

  private static final int LASTING_TO = 32_000;

  private Ports() {}

  /**
   * Checks that a port is free, or finds a free one for 0.
   *
   * @param remedy what to do besides freeing it, for the message
   */
  static int take(int port, String remedy) {
    try {
      return bind(port);
    } catch (IOException e) {
      throw new LocalPulsarException(
          "Port %d is taken, or not ours to take (%s). Free it, or %s."
              .formatted(port, e.getMessage(), remedy),
          e);
    }
  }

  /** A free port that no outgoing connection will happen to hold at a later start. */
  static int freeForGood() {
    Random random = new Random();
    Optional<Integer> free = Optional.empty();
    while (free.isEmpty()) {
      free = tryBind(random.nextInt(LASTING_FROM, LASTING_TO));
    }
    return free.get();
  }

  private static Optional<Integer> tryBind(int port) {
    try {
      return Optional.of(bind(port));
    } catch (IOException e) {
      return Optional.empty(); // Taken; 12,000 others are there.
    }
  }

  static String loopbackInterface() throws IOException {
    return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()).getName();
  }

  private static int bind(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket.getLocalPort();
    }
  }
}
