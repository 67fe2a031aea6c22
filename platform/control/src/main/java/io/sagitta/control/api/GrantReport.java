package io.sagitta.control.api;

import io.sagitta.control.grants.GrantDrift;
import java.util.List;
import java.util.Optional;

/**
 * How what Pulsar grants differs, or differed, from what it should.
 *
 * @param locked whether Pulsar asks who one is; else it has no grants
 * @param differences a line each, {@code +} for what lacks and {@code -} for what nothing asks for
 */
public record GrantReport(boolean locked, List<String> differences) {
  public GrantReport {
    differences = List.copyOf(differences);
  }

  static GrantReport of(Optional<GrantDrift> drift) {
    return new GrantReport(drift.isPresent(), drift.map(GrantDrift::lines).orElse(List.of()));
  }
}
