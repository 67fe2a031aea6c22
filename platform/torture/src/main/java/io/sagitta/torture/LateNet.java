package io.sagitta.torture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A loopback on which every packet comes late and none is lost, until it is closed. It needs no
 * more of a kernel than the token bucket filter: the link takes so many bytes a second, and a
 * ballast of datagrams goes round and round, so that whatever else is sent waits behind them in the
 * queue.
 */
final class LateNet implements AutoCloseable {
  /** How late a packet is if nobody else sends; later the more of the link others use. */
  static final Duration LATE = Duration.ofMillis(100);

  private static final int DATAGRAMS = 8;
  private static final int DATAGRAM_BYTES = 60_000;
  private static final long BYTES_A_SECOND =
      DATAGRAMS * (long) DATAGRAM_BYTES * 1_000 / LATE.toMillis();

  /** A segment of the loopback, of up to 64 KiB, has to fit, or it never goes. */
  private static final int BURST_BYTES = 128 << 10;

  /** More than all windows of the connections of a run: a full queue would lose packets. */
  private static final int QUEUE_BYTES = 64 << 20;

  private final List<DatagramChannel> ballast = new ArrayList<>();

  private LateNet() {}

  /** Returns why this machine cannot do it; empty if it can. */
  static Optional<String> whyNot() {
    try {
      slowDown();
      speedUp();
      return Optional.empty();
    } catch (TortureException e) {
      return Optional.of("this machine cannot make a link slow: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /** Makes the loopback of this process's own network namespace late. */
  static LateNet begin() throws InterruptedException {
    slowDown();
    LateNet net = new LateNet();
    try {
      for (int i = 0; i < DATAGRAMS; i++) {
        DatagramChannel channel = DatagramChannel.open();
        net.ballast.add(channel);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.connect(channel.getLocalAddress());
        Thread thread = new Thread(() -> goRound(channel), "ballast-" + i);
        thread.setDaemon(true);
        thread.start();
      }
      return net;
    } catch (IOException e) {
      net.close();
      throw new TortureException("Cannot send ballast: " + e.getMessage(), e);
    }
  }

  /** Sends a datagram, waits until it has come, and sends it again. */
  private static void goRound(DatagramChannel channel) {
    ByteBuffer datagram = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
    try {
      while (true) {
        datagram.clear();
        channel.write(datagram);
        datagram.clear();
        channel.read(datagram);
      }
    } catch (ClosedChannelException e) {
      return; // Nobody is to be late any more.
    } catch (IOException e) {
      throw new TortureException("The ballast is lost: " + e.getMessage(), e);
    }
  }

  private static void slowDown() throws InterruptedException {
    Commands.run(
        "tc",
        "qdisc",
        "add",
        "dev",
        "lo",
        "root",
        "tbf",
        "rate",
        BYTES_A_SECOND + "bps",
        "burst",
        Integer.toString(BURST_BYTES),
        "limit",
        Integer.toString(QUEUE_BYTES));
  }

  private static void speedUp() throws InterruptedException {
    Commands.run("tc", "qdisc", "del", "dev", "lo", "root");
  }

  /** Makes it as it was. */
  @Override
  public void close() {
    try {
      for (DatagramChannel channel : ballast) {
        channel.close();
      }
      speedUp();
    } catch (IOException e) {
      throw new TortureException("Cannot end the ballast: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
