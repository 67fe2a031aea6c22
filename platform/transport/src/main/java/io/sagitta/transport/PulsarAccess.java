package io.sagitta.transport;

import io.sagitta.identity.CredentialFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How one is let into Pulsar: whom one trusts, and what proves who one is. Files and tokens are
 * looked at again while connections live, so neither a renewed certificate nor a new token needs a
 * restart.
 */
public sealed interface PulsarAccess {

  /** Nothing is proven and nothing protected; only to a server on this machine. */
  record Open() implements PulsarAccess {}

  /** A machine of the platform, known by the certificate in a folder, over TLS. */
  record Machine(CredentialFolder credentials) implements PulsarAccess {}

  /**
   * Somebody known by a token, over TLS.
   *
   * @param trust the authorities that the server's certificate may be of
   * @param token gives the token in force; called by Pulsar's own threads, so it must not wait, and
   *     fails if there is none
   */
  record Bearer(Path trust, Supplier<String> token) implements PulsarAccess {}

  /** What everybody has who was given no credentials. */
  PulsarAccess OPEN = new Open();

  /**
   * Returns the access of the machine whose credentials are in {@code folder} to {@code url}; to a
   * server that does not encrypt it is open, since nothing may be shown there.
   *
   * @throws TransportException if the server asks who we are and there is no folder
   */
  static PulsarAccess to(String url, Optional<Path> folder) {
    if (!ClientAccess.isEncrypted(url)) {
      return OPEN;
    }
    return new Machine(
        CredentialFolder.open(
            folder.orElseThrow(
                () ->
                    new TransportException(
                        url
                            + " asks who we are. Name the folder with this machine's credentials:"
                            + " 'tls: {folder: FOLDER}'"))));
  }
}
