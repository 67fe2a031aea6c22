package io.sagitta.torture;

import java.util.List;
import java.util.Map;

/**
 * How a run ended.
 *
 * @param findings everything that was checked
 * @param injected how often each fault was injected
 * @param notInjected faults that were asked for and could not be had, and why
 * @param recoveries how long rows took that were sent while a fault lasted
 */
public record Verdict(
    List<Finding> findings,
    Map<FaultKind, Integer> injected,
    Map<FaultKind, String> notInjected,
    List<Recovery> recoveries) {
  public Verdict {
    findings = List.copyOf(findings);
    injected = Map.copyOf(injected);
    notInjected = Map.copyOf(notInjected);
    recoveries = List.copyOf(recoveries);
  }

  /** Returns whether nothing is wrong. */
  public boolean holds() {
    return findings.stream().allMatch(finding -> finding.wrong() == 0);
  }

  /**
   * One fault and what came of it.
   *
   * @param millis the longest time from sending a row while it lasted until that could be read
   */
  public record Recovery(FaultKind kind, long millis) {}
}
