package io.sagitta.bench;

/** What carries rows from the ingest topic into the stream: a task of ours, or Pulsar alone. */
interface Relay extends AutoCloseable {

  /** Returns how far it has come. */
  Progression.State state();

  /** Waits until it has taken all rows and all that follows from them is persisted. */
  void await() throws InterruptedException;

  @Override
  void close();
}
