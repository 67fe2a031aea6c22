package io.sagitta.torture;

import java.util.List;

/**
 * One thing that was checked.
 *
 * @param about the pipeline, or what else
 * @param what was checked
 * @param checked how many rows, windows or figures
 * @param wrong how many of them are not as they must be
 * @param samples some that are wrong, for people
 */
public record Finding(String about, String what, long checked, long wrong, List<String> samples) {
  public Finding {
    samples = List.copyOf(samples);
  }

  /** Returns a finding that something failed as a whole. */
  static Finding failure(String about, String what, String says) {
    return new Finding(about, what, 1, 1, List.of(says));
  }

  @Override
  public String toString() {
    return "%-8s %-62s %,9d checked%s"
        .formatted(about, what, checked, wrong == 0 ? "" : ", " + wrong + " WRONG");
  }
}
