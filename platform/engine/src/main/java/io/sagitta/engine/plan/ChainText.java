package io.sagitta.engine.plan;

import io.sagitta.engine.Chain;
import java.util.List;
import java.util.stream.Collectors;

/** Says in a line what a chain does, for people. */
public final class ChainText {
  private ChainText() {}

  /**
   * Returns what {@code chain} does, such as {@code source flights, then clean; to once by origin}.
   */
  public static String of(Chain chain) {
    String head =
        chain.head() instanceof Chain.Head.OfSource
            ? "source " + chain.name()
            : "stage " + chain.name();
    String then = chain.rowLocal().isEmpty() ? "" : ", then " + String.join(", ", chain.rowLocal());
    String outputs =
        chain.outputs().stream()
            .map(output -> output(output, last(chain)))
            .collect(Collectors.joining(", "));
    return head + then + (outputs.isEmpty() ? "" : "; " + outputs);
  }

  private static String output(Chain.Output output, String last) {
    String from = output.from().equals(last) ? "" : output.from() + " ";
    if (output instanceof Chain.Output.ToExchange exchange) {
      List<String> key = exchange.key();
      return from
          + "to "
          + exchange.stage()
          + (key.isEmpty() ? " in one task" : " by " + String.join(", ", key));
    }
    if (output instanceof Chain.Output.ToStream stream) {
      return from + "to stream " + stream.stream();
    }
    if (output instanceof Chain.Output.ToSink sink) {
      return from + "to sink " + sink.sink();
    }
    throw new IllegalArgumentException("Unknown way out of a chain: " + output);
  }

  private static String last(Chain chain) {
    List<String> stages = chain.rowLocal();
    return stages.isEmpty() ? chain.name() : stages.get(stages.size() - 1);
  }
}
