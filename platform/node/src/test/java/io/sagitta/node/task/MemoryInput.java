package io.sagitta.node.task;

import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Position;
import io.sagitta.transport.Received;
import java.util.Optional;

/** A reader of one partition; what is there may take a while to come. */
final class MemoryInput implements TaskTopics.Input {
  /** Who waits longer than this knows that the message is there. */
  private static final int SHORT_MILLIS = 1_000;

  private final MemoryTopic topic;
  private final Chance chance;
  private final Runnable point;
  private Position at;
  private boolean inclusive;

  /**
   * Creates one.
   *
   * @param point called before each message
   */
  MemoryInput(MemoryTopic topic, PartitionReader.Start start, Chance chance, Runnable point) {
    this.topic = topic;
    this.chance = chance;
    this.point = point;
    this.inclusive = start instanceof PartitionReader.Start.At;
    this.at =
        start instanceof PartitionReader.Start.At from
            ? from.position()
            : start instanceof PartitionReader.Start.After after
                ? after.position()
                : new Position(-1, -1);
  }

  @Override
  public Optional<Received> next(int timeoutMillis) {
    point.run();
    if (timeoutMillis < SHORT_MILLIS && chance.trouble(3)) {
      return Optional.empty();
    }
    Optional<MemoryTopic.Message> next = topic.from(at, inclusive);
    next.ifPresent(
        message -> {
          at = message.position();
          inclusive = false;
        });
    return next.map(
        message ->
            new Received(
                message.position(), 0, message.header(), message.payload().duplicate(), () -> {}));
  }

  @Override
  public void close() {}
}
