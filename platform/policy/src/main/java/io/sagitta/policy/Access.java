package io.sagitta.policy;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which way rows go. */
public enum Access {
  READ,
  WRITE;

  /** Returns the name, as files say it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns {@code access} as text. */
  static String texts(List<Access> access) {
    return access.stream().map(Access::word).collect(Collectors.joining(", "));
  }
}
