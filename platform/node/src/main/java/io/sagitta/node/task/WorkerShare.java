package io.sagitta.node.task;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * How many steps of one tenant's tasks a node computes at one time: its share of the node's
 * processors, and at least one. What a task waits for outside, such as a broker or a sink, takes no
 * turn. Thread-safe.
 */
public final class WorkerShare {
  /** For tenants without a quota. */
  public static final WorkerShare WHOLE = new WorkerShare(Optional::empty, 1);

  private static final long LOOK_MILLIS = 500;

  private final Supplier<Optional<Double>> share;
  private final int processors;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition freed = lock.newCondition();
  private int busy;
  private long begun;

  /**
   * Creates one that is not used.
   *
   * @param share gives the share that may be used now, from 0 to 1; empty for any
   * @param processors of the node
   */
  public WorkerShare(Supplier<Optional<Double>> share, int processors) {
    this.share = share;
    this.processors = processors;
  }

  /** Waits for a turn; {@link #end} gives it back. {@code waits} is called now and then. */
  void begin(Runnable waits) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (busy >= most()) {
        waits.run();
        // The share itself may have changed meanwhile, of which nobody tells.
        boolean unused = freed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
      busy++;
      begun++;
    } finally {
      lock.unlock();
    }
  }

  /** Gives a turn back. */
  void end() {
    lock.lock();
    try {
      busy--;
      freed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many steps may have a turn now. */
  public int most() {
    return share
        .get()
        .map(part -> Math.max(1, (int) Math.floor(part * processors)))
        .orElse(Integer.MAX_VALUE);
  }

  /** Returns how many turns were taken so far. */
  long begun() {
    lock.lock();
    try {
      return begun;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many steps have a turn now. */
  int busy() {
    lock.lock();
    try {
      return busy;
    } finally {
      lock.unlock();
    }
  }
}
