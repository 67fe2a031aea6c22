package io.sagitta.control.quarantine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A row in quarantine, as people see it: sensitive values are masked.
 *
 * @param position names the row
 * @param stage the source or stage where it failed
 * @param reason such as {@code late} or the name of an expectation
 * @param detail what exactly was wrong
 * @param row as it came to where it failed
 * @param raw the bytes as they came, in Base64, if they could not be read
 * @param eventTime ISO-8601
 * @param at when it came to quarantine, ISO-8601
 * @param state whether it went back
 * @param words when it went back, or why it cannot; empty if nobody has sent it back yet
 */
public record QuarantinedRow(
    String position,
    String stage,
    String reason,
    Optional<String> detail,
    Optional<JsonNode> row,
    Optional<String> raw,
    Optional<String> eventTime,
    String at,
    State state,
    String words) {

  /** Whether a row went back to its source. */
  public enum State {
    /** It is here, and can go back. */
    OPEN,
    /** It is here, and has no way back. */
    STAYS,
    /** It is to go back, and Pulsar has not confirmed it: replay it again to be sure. */
    UNDERWAY,
    /** It went back. */
    REPLAYED
  }
}
