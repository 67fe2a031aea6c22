package io.sagitta.engine;

import java.util.List;
import java.util.Set;

/**
 * Stages between two boundaries, which one task runs together: a head that has the input topic, and
 * the row-local stages behind it.
 *
 * @param head the source, or the keyed or windowed stage, that gives the chain its name
 * @param rowLocal row-local stages behind the head, upstream first
 * @param outputs where rows leave the chain
 * @param upstreams names of the chains that publish into this one; empty behind a source
 */
public record Chain(Head head, List<String> rowLocal, List<Output> outputs, Set<String> upstreams) {
  public Chain {
    rowLocal = List.copyOf(rowLocal);
    outputs = List.copyOf(outputs);
    upstreams = Set.copyOf(upstreams);
  }

  /** Returns the head's name. */
  public String name() {
    return head.name();
  }

  /** What a chain starts with. */
  public sealed interface Head {
    /** The source's or stage's name. */
    String name();

    /** A chain on a source's topic. */
    record OfSource(String name) implements Head {}

    /** A chain on the exchange of a dedupe or windowed stage. */
    record OfStage(String name) implements Head {}
  }

  /** One way out of a chain. */
  public sealed interface Output {
    /** The source or stage of this chain whose rows leave. */
    String from();

    /**
     * Rows for a keyed or windowed stage, which sees them under the name {@code from}.
     *
     * @param stage the head of the chain that reads them
     * @param key columns of {@code from} that pick the partition; empty means partition 0
     */
    record ToExchange(String from, String stage, List<String> key) implements Output {
      public ToExchange {
        key = List.copyOf(key);
      }
    }

    /** Rows for a stream. */
    record ToStream(String from, String stream) implements Output {}

    /** Rows for a sink. */
    record ToSink(String from, String sink) implements Output {}
  }
}
