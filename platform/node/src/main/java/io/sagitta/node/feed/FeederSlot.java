package io.sagitta.node.feed;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SourceConnector;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.TransportException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's place in the queue for one pull source: whoever holds the feed's log reads the source,
 * all others try again now and then.
 */
public final class FeederSlot implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FeederSlot.class);
  private static final long RETRY_MILLIS = 1_000;
  private static final int CHUNK_MESSAGES = 1_000;

  private final FeedSpec spec;
  private final PulsarConnection pulsar;
  private final List<SourceConnector> connectors;
  private final Reach reach;
  private final BufferAllocator allocator;
  private final Thread thread;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final List<FeederSlot> others = new CopyOnWriteArrayList<>();

  /**
   * Creates one; {@link #start} begins.
   *
   * @param reach what the pipeline may reach
   */
  public FeederSlot(
      FeedSpec spec,
      PulsarConnection pulsar,
      List<SourceConnector> connectors,
      Reach reach,
      BufferAllocator allocator) {
    this.spec = spec;
    this.pulsar = pulsar;
    this.connectors = List.copyOf(connectors);
    this.reach = reach;
    this.allocator = allocator;
    this.thread = new Thread(this::run, "feed-" + spec);
  }

  /** Begins. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      startOthers();
      boolean ended = false;
      while (!ended && stopping.getCount() > 0) {
        try (ExclusiveLog<FeedRecord> log =
                ExclusiveLog.take(pulsar, spec.logTopic(), FeedRecord.class);
            FeedSession session =
                new FeedSession(spec, pulsar, connector(), reach, log, allocator, () -> {})) {
          LOG.info("Feeds source {} from here", spec);
          ended = session.run(stopping);
        } catch (FencedOutException e) {
          LOG.debug("Another node feeds {}", spec);
        } catch (TransportException | ConnectorException e) {
          LOG.warn("Feeding {} failed, tries again: {}", spec, e.getMessage());
        }
        if (!ended) {
          var unused = stopping.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Feeder of {} was interrupted", spec);
    }
  }

  /** The first feeder of a source starts the others: there is one for each of its logs. */
  private void startOthers() throws InterruptedException {
    while (spec.part() == 0 && stopping.getCount() > 0) {
      try {
        int feeders = pulsar.partitions(spec.logs());
        for (int part = 1; part < feeders; part++) {
          FeederSlot other =
              new FeederSlot(spec.ofPart(part), pulsar, connectors, reach, allocator);
          others.add(other);
          other.start();
        }
        return;
      } catch (TransportException e) {
        LOG.warn("Cannot learn how many feeders {} has, tries again: {}", spec, e.getMessage());
        var unused = stopping.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private SourceConnector connector() throws ConnectorException {
    SourceConnector topics =
        new TopicSourceConnector(pulsar, spec.pipeline(), spec.part(), CHUNK_MESSAGES);
    if (topics.serves(spec.source())) {
      return topics;
    }
    for (SourceConnector connector : connectors) {
      if (connector.serves(spec.source())) {
        return connector;
      }
    }
    throw new ConnectorException(
        "No connector here serves source '" + spec.name() + "'; is its jar on the class path?");
  }

  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    others.forEach(FeederSlot::close);
  }
}
