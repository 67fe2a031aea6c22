package io.sagitta.control.status;

import io.sagitta.engine.Counts;
import java.util.List;

/**
 * The ledger of one source or stage, over all its tasks.
 *
 * @param kind {@code source}, {@code row-local}, {@code dedupe} or {@code window}
 * @param chain the chain that it runs in
 * @param inputs whose rows it reads; none for a source
 * @param missing rows that came in and of which nothing is known: 0, or rows were lost
 * @param onTheWay rows that its inputs made and that it has not counted yet; what two tasks report
 *     is not of one moment, so a running pipeline may show a few less than none
 */
public record StageLine(
    String name,
    String kind,
    String chain,
    List<String> inputs,
    Counts counts,
    long missing,
    long onTheWay,
    double inPerSecond,
    double outPerSecond) {
  public StageLine {
    inputs = List.copyOf(inputs);
  }
}
