package io.sagitta.gateway.ingest;

import io.sagitta.service.Problem;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A producer that sends whole requests, and remembers the number of the last one.
 *
 * <p>The messages of request {@code n} have the sequence numbers {@code n << 16 | part}; the last
 * one's part is {@code 0xFFFF}. So the broker's last number tells which request was the last whole
 * one. A repeated request sends all its parts again, and the broker drops those it has. That a part
 * is never skipped rests on two facts: the broker takes a connection's messages in order or drops
 * the connection, and here nothing is sent behind a message that the client library refused.
 */
final class NumberedProducer {
  private static final int PART_BITS = 16;
  private static final int LAST_PART = 0xFFFF;

  private final PartitionProducer producer;
  private final Map<Long, CompletableFuture<Void>> underWay = new HashMap<>();
  private long lastSent;
  // The broker had it when we came, though maybe not yet on disk: only sending it again tells.
  private long unconfirmed;

  /** A message that is ready to be sent. */
  record Message(Header header, ByteBuffer payload) {}

  NumberedProducer(PartitionProducer producer) {
    this.producer = producer;
    long last = producer.lastSequence();
    boolean whole = (last & LAST_PART) == LAST_PART;
    this.lastSent = Math.max(0, whole ? last >> PART_BITS : (last >> PART_BITS) - 1);
    this.unconfirmed = lastSent;
  }

  PartitionProducer producer() {
    return producer;
  }

  /** Sends messages without numbers; completes when Pulsar has them all. */
  CompletableFuture<Void> send(List<Message> messages) {
    List<CompletableFuture<?>> sent = new ArrayList<>(messages.size());
    for (Message message : messages) {
      sent.add(producer.send(message.header(), message.payload()));
    }
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
  }

  /**
   * Sends request {@code number} unless it was sent before.
   *
   * @param messages at least one
   * @return completes when Pulsar has the request, with whether it was a repetition; with a 409
   *     problem if a request before it is missing
   */
  synchronized CompletableFuture<Boolean> send(long number, List<Message> messages) {
    if (number == lastSent + 1) {
      CompletableFuture<Void> sent = sendParts(number, messages);
      lastSent = number;
      underWay.put(number, sent);
      return sent.whenComplete((done, e) -> arrived(number, e)).thenApply(done -> false);
    }
    CompletableFuture<Void> first = underWay.get(number);
    if (first != null) {
      return first.thenApply(done -> true);
    } else if (number > lastSent) {
      return CompletableFuture.failedFuture(gap(number));
    } else if (number == unconfirmed) {
      return sendParts(number, messages)
          .whenComplete((done, e) -> arrived(number, e))
          .thenApply(done -> true);
    }
    return CompletableFuture.completedFuture(true);
  }

  /** Returns whether request {@code number} is on disk, so that it need not even be decoded. */
  synchronized boolean has(long number) {
    return number <= lastSent && number != unconfirmed && !underWay.containsKey(number);
  }

  /** Throws what {@link #send(long, List)} would complete with, before the rows are decoded. */
  synchronized void refuseGap(long number) {
    if (number > lastSent + 1) {
      throw gap(number);
    }
  }

  private io.sagitta.service.ProblemException gap(long number) {
    return Problem.of(
            409,
            "sequence-gap",
            "Gap in the sequence",
            "Request %d came where %d was expected. Send the requests between first, one after the other."
                .formatted(number, lastSent + 1))
        .with("expected", lastSent + 1)
        .exception();
  }

  private synchronized void arrived(long number, @org.jspecify.annotations.Nullable Throwable e) {
    underWay.remove(number);
    if (e == null && unconfirmed == number) {
      unconfirmed = 0;
    }
  }

  private CompletableFuture<Void> sendParts(long number, List<Message> messages) {
    if (messages.size() > LAST_PART) {
      throw new IllegalArgumentException("A request has too many parts: " + messages.size());
    }
    List<CompletableFuture<?>> sent = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      int part = i == messages.size() - 1 ? LAST_PART : i;
      Message message = messages.get(i);
      CompletableFuture<?> one =
          producer.send(number << PART_BITS | part, message.header(), message.payload());
      sent.add(one);
      if (one.isCompletedExceptionally()) {
        break;
      }
    }
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
  }
}
