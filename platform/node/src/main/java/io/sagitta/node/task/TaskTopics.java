package io.sagitta.node.task;

import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Position;
import io.sagitta.transport.Received;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The topics that one session of a task works on: its input, its journal, which it holds alone, and
 * its outputs. Whatever a session does outside its process, it does here.
 */
interface TaskTopics {

  /** The task's input, from a chosen place on. */
  interface Input extends AutoCloseable {
    /** Returns the next message; empty if none came in {@code timeoutMillis}. */
    Optional<Received> next(int timeoutMillis) throws InterruptedException;

    @Override
    void close();
  }

  /** A partition that the task publishes into. */
  interface Output {
    /**
     * Publishes under a sequence number, which grows from call to call; the partition drops what it
     * has.
     *
     * @return completes when the message is on disk
     */
    CompletableFuture<?> send(long sequence, Header header, ByteBuffer payload);

    /** Lets the name go; what is on its way may still arrive. */
    void close();
  }

  /** Opens the input. */
  Input read(PartitionReader.Start start);

  /** Acknowledges the input up to {@code through}, some time soon or never. */
  void acknowledge(Position through);

  /** Appends to the journal; completes with the record's place when it is on disk. */
  CompletableFuture<Position> append(StepRecord step);

  /** Lets the journal's records up to {@code through} be deleted. */
  void forgetThrough(Position through);

  /** Opens the partition {@code topic} for publishing, under a name that only this task has. */
  Output open(String topic);

  /** Opens the task's own input for publishing; sequence numbers are of no account there. */
  Output openInput();

  /** Returns where messages are compressed and sent. */
  Executor publishing();
}
