package io.sagitta.node.feed;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SourceConnector;
import io.sagitta.connectors.SourceReader;
import io.sagitta.definition.Source;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.PulsarConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Runs a feeder that is killed after its first step, then one that is killed after its second, and
 * so on, each with a connection of its own that is cut; until one finds nothing more to read.
 */
final class Kills {
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private Kills() {}

  /**
   * Feeds all there is.
   *
   * @param between called before each feeder, with its number from 1
   * @return how many feeders were killed
   */
  static int feed(
      String brokerUrl,
      FeedSpec spec,
      SourceConnectorOn connectors,
      BufferAllocator allocator,
      Between between)
      throws Exception {
    for (int steps = 1; ; steps++) {
      between.before(steps);
      int[] remaining = {steps};
      CountDownLatch done = new CountDownLatch(1);
      PulsarConnection pulsar = PulsarConnection.open(brokerUrl, 16 << 20);
      try {
        SourceConnector connector = stopping(connectors.on(pulsar), done);
        ExclusiveLog<FeedRecord> log = take(pulsar, spec.logTopic());
        FeedSession session =
            new FeedSession(
                spec,
                pulsar,
                connector,
                Reach.free(Path.of("")),
                log,
                allocator,
                () -> {
                  if (--remaining[0] < 0) {
                    // As a dead process: what was not on the wire never gets there.
                    pulsar.close();
                    throw new Killed();
                  }
                });
        session.run(done);
        session.close();
        log.close();
        pulsar.close();
        return steps - 1;
      } catch (Killed e) {
        // The next one takes over.
      }
    }
  }

  @FunctionalInterface
  interface SourceConnectorOn {
    SourceConnector on(PulsarConnection pulsar);
  }

  @FunctionalInterface
  interface Between {
    void before(int feeder) throws Exception;
  }

  private static ExclusiveLog<FeedRecord> take(PulsarConnection pulsar, String topic) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (true) {
      try {
        return ExclusiveLog.take(pulsar, topic, FeedRecord.class);
      } catch (FencedOutException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  /** Stops the session when there is nothing to read at present. */
  private static SourceConnector stopping(SourceConnector connector, CountDownLatch done) {
    return new SourceConnector() {
      @Override
      public boolean serves(Source source) {
        return connector.serves(source);
      }

      @Override
      public SourceReader open(
          String name,
          Source source,
          Reach reach,
          String position,
          Schema schema,
          BufferAllocator allocator)
          throws ConnectorException {
        SourceReader reader = connector.open(name, source, reach, position, schema, allocator);
        return new SourceReader() {
          @Override
          public Optional<Chunk> next() throws ConnectorException {
            Optional<Chunk> next = reader.next();
            if (next.isEmpty()) {
              done.countDown();
            }
            return next;
          }

          @Override
          public boolean ended() {
            return reader.ended();
          }

          @Override
          public void close() {
            reader.close();
          }
        };
      }
    };
  }
}
