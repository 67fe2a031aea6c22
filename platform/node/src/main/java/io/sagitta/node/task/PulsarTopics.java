package io.sagitta.node.task;

import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionClaim;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Position;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A task's topics in Pulsar.
 *
 * @param claim stays the caller's
 * @param journal stays the caller's
 */
record PulsarTopics(
    TaskSpec spec, PulsarConnection pulsar, PartitionClaim claim, ExclusiveLog<StepRecord> journal)
    implements TaskTopics {
  private static final int MESSAGES_QUEUED = 256;

  /** A reader of the input. */
  private record Messages(PartitionReader reader) implements Input {
    @Override
    public Optional<Received> next(int timeoutMillis) throws InterruptedException {
      return reader.next(timeoutMillis);
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  /** A producer with the task's name. */
  private record Named(PartitionProducer producer) implements Output {
    @Override
    public CompletableFuture<?> send(long sequence, Header header, ByteBuffer payload) {
      return producer.send(sequence, header, payload);
    }

    @Override
    public void close() {
      producer.closeAndWait();
    }
  }

  /** A producer with a name that the broker picked, so that nothing is known to be repeated. */
  private record Nameless(PartitionProducer producer) implements Output {
    @Override
    public CompletableFuture<?> send(long sequence, Header header, ByteBuffer payload) {
      return producer.send(header, payload);
    }

    @Override
    public void close() {
      producer.close();
    }
  }

  @Override
  public Input read(PartitionReader.Start start) {
    return new Messages(PartitionReader.open(pulsar, spec.inputTopic(), start, MESSAGES_QUEUED));
  }

  @Override
  public void acknowledge(Position through) {
    claim.acknowledge(through);
  }

  @Override
  public CompletableFuture<Position> append(StepRecord step) {
    return journal.append(step);
  }

  @Override
  public void forgetThrough(Position through) {
    journal.forgetThrough(through);
  }

  @Override
  public Output open(String topic) {
    String name = ForeignSink.producerName(spec.id(), topic);
    for (int attempt = 0; ; attempt++) {
      try {
        return new Named(
            PartitionProducer.open(
                pulsar, topic, Optional.of(name), PartitionProducer.Access.SHARED));
      } catch (FencedOutException e) {
        // The last owner's connection may take the broker's keep-alive to be given up.
        if (attempt == 100) {
          throw e;
        }
        try {
          Thread.sleep(200);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw e;
        }
      }
    }
  }

  @Override
  public Output openInput() {
    return new Nameless(
        PartitionProducer.open(
            pulsar, spec.inputTopic(), Optional.empty(), PartitionProducer.Access.SHARED));
  }

  @Override
  public Executor publishing() {
    return pulsar.publishing();
  }
}
