package io.sagitta.definition;

import java.util.Optional;

/**
 * Who a pipeline is.
 *
 * @param name unique in its tenant
 */
public record Metadata(
    String name, String tenant, Optional<String> owner, Optional<String> description) {
  /** Returns {@code tenant/name}. */
  public String id() {
    return tenant + "/" + name;
  }
}
