package io.sagitta.house;

import io.sagitta.identity.CredentialFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file for {@code curl --config} that proves who one is and checks the platform's certificate.
 */
final class CurlFile {
  static final String NAME = "curl";

  private CurlFile() {}

  /** Writes it into {@code folder}, beside the credentials that it names. */
  static void write(Path folder) throws IOException {
    Files.writeString(
        folder.resolve(NAME),
        """
        cacert = "%s"
        cert = "%s"
        key = "%s"
        """
            .formatted(
                folder.resolve(CredentialFolder.TRUST),
                folder.resolve(CredentialFolder.CERTIFICATE),
                folder.resolve(CredentialFolder.KEY)));
  }
}
