package io.sagitta.control.api;

import io.sagitta.transport.PolicyRecord;
import java.util.Map;

/**
 * The policy in force.
 *
 * @param number counts the policies that were applied
 * @param files text by name
 * @param author who applied it
 * @param at when, ISO-8601
 */
public record PolicyText(long number, Map<String, String> files, String author, String at) {
  public PolicyText {
    files = Map.copyOf(files);
  }

  static PolicyText of(PolicyRecord record) {
    return new PolicyText(record.number(), record.files(), record.author(), record.at());
  }
}
