package io.sagitta.bench;

import java.util.Arrays;
import java.util.Collection;

/** Measured values. */
final class Spread {
  private final double[] sorted;

  private Spread(double[] sorted) {
    this.sorted = sorted;
  }

  /** Takes at least one value, in any order. */
  static Spread of(Collection<Double> values) {
    return of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Takes at least one value, in any order. */
  static Spread of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("Nothing was measured");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Spread(sorted);
  }

  /** Returns the value in the middle. */
  double median() {
    return quantile(0.5);
  }

  /** Returns the smallest value that is not below the share {@code q} of all. */
  double quantile(double q) {
    int index = (int) Math.ceil(q * sorted.length) - 1;
    return sorted[Math.max(0, Math.min(sorted.length - 1, index))];
  }
}
