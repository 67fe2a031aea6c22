package io.sagitta.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a run ended.
 *
 * @param findings everything that was checked
 * @param injected how often each fault was injected
 * @param notInjected faults that were asked for and could not be had, and why
 * @param recoveries what each fault did to the rows, in their order
 * @param figures the same by kind
 * @param memory how the memory of each process grew
 */
public record Verdict(
    List<Finding> findings,
    Map<FaultKind, Integer> injected,
    Map<FaultKind, String> notInjected,
    List<Recovery> recoveries,
    List<Figures> figures,
    List<Memory> memory) {
  public Verdict {
    findings = List.copyOf(findings);
    injected = Map.copyOf(injected);
    notInjected = Map.copyOf(notInjected);
    recoveries = List.copyOf(recoveries);
    figures = List.copyOf(figures);
    memory = List.copyOf(memory);
  }

  /** Returns whether nothing is wrong. */
  public boolean holds() {
    return findings.stream().allMatch(finding -> finding.wrong() == 0);
  }

  /**
   * One fault and what came of it.
   *
   * @param wayMillis the longest time from sending a row while it lasted until that could be read
   * @param stillMillis the longest time meanwhile in which no new row could be read anywhere
   */
  public record Recovery(FaultKind kind, long wayMillis, long stillMillis) {}

  /** What all faults of one kind did. */
  public record Figures(FaultKind kind, Percentiles wayMillis, Percentiles stillMillis) {

    /** Returns those of every kind in {@code recoveries}. */
    static List<Figures> of(List<Recovery> recoveries) {
      Map<FaultKind, List<Recovery>> byKind = new TreeMap<>();
      recoveries.forEach(r -> byKind.computeIfAbsent(r.kind(), kind -> new ArrayList<>()).add(r));
      List<Figures> figures = new ArrayList<>();
      byKind.forEach(
          (kind, faults) ->
              figures.add(
                  new Figures(
                      kind,
                      Percentiles.of(faults.stream().map(Recovery::wayMillis).toList()),
                      Percentiles.of(faults.stream().map(Recovery::stillMillis).toList()))));
      return figures;
    }
  }

  /** Percentiles by nearest rank: each is a value that was measured. */
  public record Percentiles(long p50, long p99, long max) {

    /** Returns those of {@code values}, of which there is one at least. */
    static Percentiles of(List<Long> values) {
      List<Long> sorted = values.stream().sorted().toList();
      return new Percentiles(rank(sorted, 50), rank(sorted, 99), sorted.get(sorted.size() - 1));
    }

    private static long rank(List<Long> sorted, int percent) {
      return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }
  }

  /**
   * The resident memory of one process.
   *
   * @param lastMebibytes at the end
   * @param mebibytesPerHour its slope over the whole run, new starts included
   * @param minutes how long it was watched
   * @param starts how often it was started
   * @param longestLifeMinutes the longest time without a new start, but for its first minute
   * @param longestLifeMebibytesPerHour the slope in that time
   */
  public record Memory(
      String process,
      long lastMebibytes,
      double mebibytesPerHour,
      double minutes,
      long starts,
      double longestLifeMinutes,
      double longestLifeMebibytesPerHour) {}
}
