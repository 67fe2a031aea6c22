package io.sagitta.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A verdict in words. */
public final class Report {
  private Report() {}

  /** Returns the lines that tell a person how a run ended. */
  public static List<String> of(Verdict verdict) {
    List<String> lines = new ArrayList<>();
    lines.add("Faults injected:");
    Map<FaultKind, List<Long>> times = new TreeMap<>();
    verdict
        .recoveries()
        .forEach(r -> times.computeIfAbsent(r.kind(), kind -> new ArrayList<>()).add(r.millis()));
    new TreeMap<>(verdict.injected())
        .forEach(
            (kind, count) ->
                lines.add(
                    "  %-15s %3d ×%s".formatted(kind.word(), count, recovery(times.get(kind)))));
    if (!verdict.notInjected().isEmpty()) {
      lines.add("Faults not injected:");
      new TreeMap<>(verdict.notInjected())
          .forEach((kind, why) -> lines.add("  %-15s %s".formatted(kind.word(), why)));
    }
    lines.add("Checked:");
    List<Finding> telling =
        verdict.findings().stream().filter(f -> f.checked() > 0 || f.wrong() > 0).toList();
    for (Finding finding : telling) {
      lines.add("  " + finding);
      finding.samples().forEach(sample -> lines.add("      " + sample));
    }
    return lines;
  }

  private static String recovery(@org.jspecify.annotations.Nullable List<Long> millis) {
    if (millis == null) {
      return "";
    }
    List<Long> known = millis.stream().filter(m -> m >= 0).sorted().toList();
    String seconds =
        known.stream().map(m -> "%.1f".formatted(m / 1e3)).collect(Collectors.joining(", "));
    return known.isEmpty() ? "" : "   longest way of a row sent meanwhile (s): " + seconds;
  }
}
