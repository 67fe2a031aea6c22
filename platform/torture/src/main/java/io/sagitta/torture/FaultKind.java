package io.sagitta.torture;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A kind of fault that a run can inject. Its {@link #word} is what the command line says. */
public enum FaultKind {
  /** A node ends like {@code kill -9} and is started again. */
  NODE_KILL("node-kill", 0, 2),
  /** A node stops in mid-air, long enough to lose its partitions or not, and goes on. */
  NODE_PAUSE("node-pause", 3, 18),
  /** A node ends in order and comes back. */
  NODE_LEAVE("node-leave", 3, 8),
  /** One more node comes, works along, and goes. */
  NODE_JOIN("node-join", 8, 15),
  /** The gateway ends like {@code kill -9} and is started again. */
  GATEWAY_KILL("gateway-kill", 0, 3),
  /** The gateway stops in mid-air and goes on. */
  GATEWAY_PAUSE("gateway-pause", 2, 8),
  /** Control ends like {@code kill -9} and is started again. */
  CONTROL_KILL("control-kill", 0, 4),
  /** Control stops in mid-air and goes on. */
  CONTROL_PAUSE("control-pause", 2, 8),
  /** The broker ends like {@code kill -9} and is started again. */
  BROKER_KILL("broker-kill", 0, 3),
  /** The broker stops in mid-air and goes on. */
  BROKER_PAUSE("broker-pause", 2, 12),
  /** The broker ends in order and is started again. */
  BROKER_RESTART("broker-restart", 0, 2),
  /** A changed definition that means the same is applied under load. */
  REVISION("revision", 1, 3),
  /** A changed definition is applied under load, and taken back. */
  ROLLBACK("rollback", 1, 3),
  /** A definition with another window or parallelism is applied, which control has to refuse. */
  REVISION_UNFIT("revision-unfit", 0, 1),
  /** PostgreSQL is away. */
  SINK_OUTAGE("sink-outage", 4, 12),
  /** The disk on which open windows spill is full. */
  SPILL_FULL("spill-full", 4, 10),
  /**
   * The wall clock of one role jumps, forward or back, by seconds up to an hour, and back again.
   */
  CLOCK_JUMP("clock-jump", 4, 10),
  /** Nobody reaches anybody: the loopback of the run's own network namespace is down. */
  NET_CUT("net-cut", 2, 12),
  /** Every packet in the run's own network namespace is late. */
  NET_DELAY("net-delay", 5, 12);

  private final String word;
  private final int leastSeconds;
  private final int mostSeconds;

  FaultKind(String word, int leastSeconds, int mostSeconds) {
    this.word = word;
    this.leastSeconds = leastSeconds;
    this.mostSeconds = mostSeconds;
  }

  /** Returns what it is called outside. */
  public String word() {
    return word;
  }

  /** Returns whether it needs a sandbox, so that it hits the run and nobody else. */
  public boolean inSandbox() {
    return this == SPILL_FULL || this == NET_CUT || this == NET_DELAY;
  }

  int leastSeconds() {
    return leastSeconds;
  }

  int mostSeconds() {
    return mostSeconds;
  }

  /** Returns the kind that is called {@code word}. */
  public static Optional<FaultKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** Returns all words. */
  public static String words() {
    return Arrays.stream(values()).map(FaultKind::word).collect(Collectors.joining(", "));
  }
}
