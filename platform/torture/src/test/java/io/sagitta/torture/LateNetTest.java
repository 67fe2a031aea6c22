package io.sagitta.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sagitta.house.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LateNetTest {
  private static final int ROUNDS = 5;

  /** What the process in the sandbox says: that the machine has no such filter, or how it went. */
  private static final int CANNOT = 10;

  private static final int NOT_LATE = 11;
  private static final int STILL_LATE = 12;

  /**
   * A process in a sandbox that has a byte go to and fro on a late loopback, then on a plain one.
   */
  public static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      if (LateNet.whyNot().isPresent()) {
        System.exit(CANNOT);
      }
      long least = 2 * LateNet.LATE.toMillis() * 8 / 10;
      try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          Socket near = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket far = server.accept()) {
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        try (LateNet net = LateNet.begin()) {
          if (median(near, far) < least) {
            System.exit(NOT_LATE);
          }
        }
        if (median(near, far) >= least) {
          System.exit(STILL_LATE);
        }
      }
    }

    private static long median(Socket near, Socket far) throws IOException {
      long[] millis = new long[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        long since = System.nanoTime();
        pass(near, far);
        pass(far, near);
        millis[i] = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
      }
      Arrays.sort(millis);
      return millis[ROUNDS / 2];
    }

    private static void pass(Socket from, Socket to) throws IOException {
      OutputStream out = from.getOutputStream();
      InputStream in = to.getInputStream();
      out.write(1);
      in.read();
    }
  }

  @Test
  void begin_makesPacketsLate_untilItIsClosed() throws IOException, InterruptedException {
    assumeThat(Sandbox.whyNot()).as("why there is no sandbox").isEmpty();

    int code = Sandbox.run(Child.class.getName(), List.of());

    assumeThat(code).as("the kernel has the token bucket filter").isNotEqualTo(CANNOT);
    assertThat(code).isZero();
  }
}
