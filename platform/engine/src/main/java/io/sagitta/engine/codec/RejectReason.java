package io.sagitta.engine.codec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a row of a body cannot be taken. Its {@link #word} is the reason in quarantine. */
public enum RejectReason {
  /** Not JSON, not an object, not UTF-8, or not the fields that the header line announces. */
  UNREADABLE,
  /** A line or item beyond the limit. */
  TOO_LONG,
  /** A value of another type than its column's. */
  WRONG_TYPE,
  /** A value that its column cannot hold: too big, too many digits, a year after 9999. */
  OUT_OF_RANGE,
  /** A required column without a value. */
  MISSING_REQUIRED,
  /** The event time is missing, wrong or out of range. */
  BAD_EVENT_TIME;

  /** Returns the reason as quarantine has it, such as {@code wrong_type}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the reason that quarantine has as {@code word}; empty if it is none of a body's. */
  public static Optional<RejectReason> of(String word) {
    return Arrays.stream(values()).filter(reason -> reason.word().equals(word)).findFirst();
  }
}
