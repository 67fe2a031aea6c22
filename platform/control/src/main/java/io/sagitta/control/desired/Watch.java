package io.sagitta.control.desired;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that looks at something again and again while control runs. A look that fails is said
 * and does not end it: the next one comes.
 */
public final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final Duration every;
  private final Look look;
  private final Thread thread;
  private volatile boolean stopping;

  /** What is done each time. */
  @FunctionalInterface
  public interface Look {
    /** Looks once. */
    void look() throws InterruptedException;
  }

  /**
   * Creates one; {@link #start} begins.
   *
   * @param name of the thread, for logs
   * @param every the pause between two looks
   */
  public Watch(String name, Duration every, Look look) {
    this.every = every;
    this.look = look;
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  /** Begins. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!stopping) {
        try {
          look.look();
        } catch (RuntimeException e) {
          LOG.warn("A look failed and is repeated watch={}", thread.getName(), e);
        }
        Thread.sleep(every.toMillis());
      }
    } catch (InterruptedException e) {
      LOG.debug("Stops watch={}", thread.getName());
    }
  }

  /** Ends it, and waits a moment until it has. */
  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.interrupt();
    thread.join(TimeUnit.SECONDS.toMillis(5));
  }
}
