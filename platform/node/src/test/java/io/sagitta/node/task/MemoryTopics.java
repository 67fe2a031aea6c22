package io.sagitta.node.task;

import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Position;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A task's topics as one owner has them, in memory: an outbox that takes one message at a time and
 * refuses every other call, and a session that may end at every call.
 *
 * <p>What the owner sends is on its way until {@link #advance} moves it on by one action: a message
 * is refused, is on disk, is known to be; so it is with records. What is on its way when the owner
 * ends may still arrive: records until the next owner takes the journal, messages until it takes
 * their producer's name, acknowledgements at any time.
 */
final class MemoryTopics implements TaskTopics {
  private static final int FAILS_ONE_IN = 150;

  /** How much slower messages are than records, where they are. */
  private static final int SLOW = 8;

  private final MemoryPulsar pulsar;
  private final TaskSpec spec;
  private final Chance chance;
  private final Optional<MemoryTopics> before;
  private final Deque<Appending> records = new ArrayDeque<>();
  private final Map<String, Deque<Sending>> outbox = new TreeMap<>();
  private final Deque<Runnable> acknowledgements = new ArrayDeque<>();
  private final boolean slow;
  private boolean refuses;
  private boolean over;
  private boolean failed;

  /** A record on its way. */
  private static final class Appending {
    final StepRecord step;
    final CompletableFuture<Position> known = new CompletableFuture<>();
    Optional<Position> at = Optional.empty();

    Appending(StepRecord step) {
      this.step = step;
    }
  }

  /** A message on its way. */
  private static final class Sending {
    final long sequence;
    final Header header;
    final ByteBuffer payload;
    final CompletableFuture<Void> known = new CompletableFuture<>();
    boolean onDisk;

    Sending(long sequence, Header header, ByteBuffer payload) {
      this.sequence = sequence;
      this.header = header;
      this.payload = payload;
    }
  }

  /** Takes the topics over from the owner {@code before}. */
  MemoryTopics(MemoryPulsar pulsar, TaskSpec spec, Chance chance, Optional<MemoryTopics> before) {
    this.pulsar = pulsar;
    this.spec = spec;
    this.chance = chance;
    this.before = before;
    this.slow = chance.trouble(3);
  }

  /** Shuts the last owner out of the journal, and returns what a new owner reads there. */
  List<ExclusiveLog.Entry<StepRecord>> takeJournal() {
    before.ifPresent(MemoryTopics::loseJournal);
    return journal().recorded();
  }

  private void loseJournal() {
    over = true;
    while (!records.isEmpty()) {
      Appending oldest = records.removeFirst();
      if (oldest.at.isEmpty() && chance.trouble(2)) {
        records.clear();
      } else if (oldest.at.isEmpty()) {
        journal().append(oldest.step);
      }
    }
  }

  private MemoryJournal journal() {
    return pulsar.journal(spec.journalTopic());
  }

  /** Ends the session: whatever becomes known from now on, it does not hear of it. */
  void giveUp() {
    over = true;
  }

  /** Returns whether a message failed, so that the session has to end. */
  boolean failed() {
    return failed;
  }

  /** A place where the session may end, and where what is on its way moves on. */
  void point() {
    if (over || chance.crash()) {
      over = true;
      throw new Crash();
    }
    for (int actions = chance.below(3); actions > 0; actions--) {
      advance();
    }
  }

  /** Moves something on that is on its way; returns whether there was anything. */
  boolean advance() {
    List<Runnable> actions = new ArrayList<>();
    if (!records.isEmpty() && !over) {
      actions.add(this::advanceRecord);
    }
    outbox.forEach(
        (topic, messages) -> {
          if (!messages.isEmpty() && !(slow && chance.hindrance(SLOW))) {
            actions.add(() -> advanceMessage(topic, messages));
          }
        });
    if (!acknowledgements.isEmpty()) {
      actions.add(() -> acknowledgements.removeFirst().run());
    }
    if (!actions.isEmpty()) {
      chance.of(actions).run();
    }
    return !actions.isEmpty();
  }

  private void advanceRecord() {
    Appending oldest = records.getFirst();
    if (oldest.at.isEmpty()) {
      oldest.at = Optional.of(journal().append(oldest.step));
    } else {
      records.removeFirst();
      oldest.known.complete(oldest.at.get());
    }
  }

  private void advanceMessage(String topic, Deque<Sending> messages) {
    Sending oldest = messages.getFirst();
    if (oldest.onDisk) {
      messages.removeFirst();
      if (!over) {
        oldest.known.complete(null);
      }
      return;
    }
    refuses = !refuses;
    if (refuses) {
      return;
    }
    if (chance.trouble(FAILS_ONE_IN)) {
      failed = true;
      List<Sending> lost = List.copyOf(messages);
      messages.clear();
      if (!over) {
        lost.forEach(sending -> sending.known.completeExceptionally(new Crash()));
      }
      return;
    }
    pulsar.topic(topic).publish(producer(), oldest.sequence, oldest.header, oldest.payload);
    oldest.onDisk = true;
  }

  private String producer() {
    return "task." + spec.id().local();
  }

  /** Brings all that is on its way to its end. */
  void settle() {
    boolean more = true;
    while (more) {
      more = advance();
    }
  }

  @Override
  public Input read(PartitionReader.Start start) {
    point();
    return new MemoryInput(pulsar.topic(spec.inputTopic()), start, chance, this::point);
  }

  @Override
  public void acknowledge(Position through) {
    point();
    acknowledgements.addLast(() -> pulsar.topic(spec.inputTopic()).acknowledge(through));
  }

  @Override
  public CompletableFuture<Position> append(StepRecord step) {
    point();
    if (step.closing()) {
      return close(step);
    }
    Appending appending = new Appending(step);
    records.addLast(appending);
    point();
    return appending.known;
  }

  /** An orderly stop waits for its record, so its fate is decided here. */
  private CompletableFuture<Position> close(StepRecord step) {
    if (chance.trouble(5)) {
      return CompletableFuture.failedFuture(new Crash());
    }
    Position at = journal().append(step);
    return chance.trouble(5)
        ? CompletableFuture.failedFuture(new Crash())
        : CompletableFuture.completedFuture(at);
  }

  @Override
  public void forgetThrough(Position through) {
    point();
    acknowledgements.addLast(() -> journal().forgetThrough(through));
  }

  @Override
  public Output open(String topic) {
    point();
    before.ifPresent(last -> last.letGo(topic));
    return new Output() {
      @Override
      public CompletableFuture<?> send(long sequence, Header header, ByteBuffer payload) {
        Sending sending = new Sending(sequence, header, payload);
        over = over || chance.crash();
        if (!over) {
          outbox.computeIfAbsent(topic, t -> new ArrayDeque<>()).addLast(sending);
        }
        return sending.known;
      }

      @Override
      public void close() {}
    };
  }

  /** Ends what is on its way into {@code topic}: some of it is on disk, the rest is lost. */
  private void letGo(String topic) {
    before.ifPresent(last -> last.letGo(topic));
    Deque<Sending> messages = outbox.getOrDefault(topic, new ArrayDeque<>());
    while (!messages.isEmpty() && !chance.trouble(3)) {
      Sending oldest = messages.removeFirst();
      if (!oldest.onDisk) {
        pulsar.topic(topic).publish(producer(), oldest.sequence, oldest.header, oldest.payload);
      }
    }
    messages.clear();
  }

  @Override
  public Output openInput() {
    return new Output() {
      @Override
      public CompletableFuture<?> send(long sequence, Header header, ByteBuffer payload) {
        point();
        pulsar.topic(spec.inputTopic()).publish(header, payload);
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Executor publishing() {
    return Runnable::run;
  }
}
