package io.sagitta.connectors.jdbc;

import java.io.IOException;
import java.io.Serial;

/** A name led to an address that the pipeline may not reach; the message says which. */
final class RefusedAddressException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  RefusedAddressException(String message) {
    super(message);
  }
}
