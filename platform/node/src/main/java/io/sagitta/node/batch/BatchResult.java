package io.sagitta.node.batch;

import io.sagitta.engine.Counts;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a run did.
 *
 * @param ledger what became of the rows, by source and stage in the order of the plan
 * @param written rows by sink
 * @param quarantined rows that were refused
 * @param quarantine where they are
 */
public record BatchResult(
    Map<String, Counts> ledger,
    Map<String, Long> written,
    long quarantined,
    Optional<Path> quarantine) {
  public BatchResult {
    ledger = Collections.unmodifiableMap(new LinkedHashMap<>(ledger));
    written = Collections.unmodifiableMap(new LinkedHashMap<>(written));
  }
}
