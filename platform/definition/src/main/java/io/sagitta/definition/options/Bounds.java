package io.sagitta.definition.options;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The limits that an option sets to its values. */
final class Bounds {
  private Bounds() {}

  /** Returns what {@code value} must do and does not, such as {@code be at least 1}. */
  static Optional<String> outside(Option option, Object value) {
    if (option.required() && isEmpty(value)) {
      return Optional.of("hold at least one");
    }
    if (value instanceof Duration duration) {
      return option.positive() && duration.isZero()
          ? Optional.of("be longer than zero")
          : Optional.empty();
    }
    if (!(value instanceof Number number)) {
      return Optional.empty();
    }
    double n = number.doubleValue();
    if (option.positive() && n <= 0) {
      return Optional.of("be over 0");
    }
    if (n < option.min()) {
      return Optional.of("be at least " + plain(option.min()));
    }
    return n > option.max() ? Optional.of("be at most " + plain(option.max())) : Optional.empty();
  }

  private static boolean isEmpty(Object value) {
    return (value instanceof Collection<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  /** Returns {@code n} without an exponent or needless zeros. */
  static String plain(double n) {
    return BigDecimal.valueOf(n).stripTrailingZeros().toPlainString();
  }
}
