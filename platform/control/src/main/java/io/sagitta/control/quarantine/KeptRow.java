package io.sagitta.control.quarantine;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A row as quarantine keeps it.
 *
 * @param stage the source or stage where it failed
 * @param row as a JSON object, if it could be read
 * @param raw as it came, if it could not
 * @param publishedMillis when it came to quarantine, milliseconds since 1970
 */
record KeptRow(
    RowPlace place,
    String stage,
    String reason,
    Optional<String> detail,
    Optional<String> row,
    Optional<byte[]> raw,
    OptionalLong eventTimeMicros,
    long publishedMillis) {

  /** Returns the time that stands for the row's arrival where its source declares no event time. */
  long arrivalMicros() {
    return eventTimeMicros.orElse(publishedMillis * 1000);
  }
}
