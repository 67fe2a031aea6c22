package io.sagitta.torture;

import io.sagitta.torture.Verdict.Percentiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A verdict in words. */
public final class Report {
  private Report() {}

  /** Returns the lines that tell a person how a run ended. */
  public static List<String> of(Verdict verdict) {
    List<String> lines = new ArrayList<>();
    faults(verdict, lines);
    if (!verdict.notInjected().isEmpty()) {
      lines.add("Faults not injected:");
      new TreeMap<>(verdict.notInjected())
          .forEach((kind, why) -> lines.add("  %-15s %s".formatted(kind.word(), why)));
    }
    memory(verdict, lines);
    lines.add("Checked:");
    List<Finding> telling =
        verdict.findings().stream().filter(f -> f.checked() > 0 || f.wrong() > 0).toList();
    for (Finding finding : telling) {
      lines.add("  " + finding);
      finding.samples().forEach(sample -> lines.add("      " + sample));
    }
    return lines;
  }

  private static void faults(Verdict verdict, List<String> lines) {
    Map<FaultKind, Verdict.Figures> figures = new LinkedHashMap<>();
    verdict.figures().forEach(f -> figures.put(f.kind(), f));
    lines.add("Faults injected:");
    if (!figures.isEmpty()) {
      lines.add(
          "                          longest way of a row (s)   longest time without a row (s)");
      lines.add("                             p50     p99     max         p50     p99     max");
    }
    new TreeMap<>(verdict.injected())
        .forEach(
            (kind, count) -> {
              Verdict.Figures f = figures.get(kind);
              String seconds =
                  f == null ? "" : seconds(f.wayMillis()) + "    " + seconds(f.stillMillis());
              lines.add("  %-15s %3d ×  %s".formatted(kind.word(), count, seconds).stripTrailing());
            });
  }

  private static String seconds(Percentiles millis) {
    return "%8.1f%8.1f%8.1f".formatted(millis.p50() / 1e3, millis.p99() / 1e3, millis.max() / 1e3);
  }

  private static void memory(Verdict verdict, List<String> lines) {
    if (verdict.memory().isEmpty()) {
      return;
    }
    lines.add(
        "Memory:             MiB at the end   MiB/h   minutes   starts   longest life: minutes   MiB/h");
    for (Verdict.Memory m : verdict.memory()) {
      lines.add(
          "  %-15s %16d %7.0f %9.1f %8d %23.1f %7.0f"
              .formatted(
                  m.process(),
                  m.lastMebibytes(),
                  m.mebibytesPerHour(),
                  m.minutes(),
                  m.starts(),
                  m.longestLifeMinutes(),
                  m.longestLifeMebibytesPerHour()));
    }
  }
}
