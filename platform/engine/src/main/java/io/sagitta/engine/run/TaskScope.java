package io.sagitta.engine.run;

import io.sagitta.engine.Engine.Limits;
import io.sagitta.engine.Plan;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What the parts of one task share.
 *
 * @param head name of the stage or source that the chain starts with
 * @param task as {@code chain/partition}
 */
record TaskScope(
    Plan plan,
    String head,
    String task,
    DuckSession session,
    Limits limits,
    Ledger ledger,
    QuarantineBuffer quarantine) {

  BufferAllocator allocator() {
    return session.allocator();
  }

  Arrears arrears() {
    return new Arrears(head, ledger, quarantine);
  }
}
