package io.sagitta.cli;

import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.IdentityException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who one is towards control. */
final class IdentityOptions {
  static final String VARIABLE = "SAGITTA_AS";
  static final String FOLDERS = "SAGITTA_IDENTITIES";
  static final String DEMO = ".sagitta/demo/identity";

  @Option(
      names = "--as",
      paramLabel = "NAME|DIR",
      description = {
        "Who you are: a folder with cert.pem, key.pem and ca.pem, or its name in",
        "$SAGITTA_IDENTITIES (default: the demo's, " + DEMO + "); else $SAGITTA_AS."
      })
  private @Nullable String as;

  /** Returns what shows the certificate and checks control's; empty if nobody was named. */
  Optional<SSLContext> context(Shell shell) {
    return Optional.ofNullable(as)
        .or(() -> shell.variable(VARIABLE))
        .map(name -> open(folder(shell, name.strip())));
  }

  private static Path folder(Shell shell, String name) {
    if (name.contains("/") || name.startsWith(".")) {
      return Path.of(name);
    }
    return shell
        .variable(FOLDERS)
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("sagitta.home", "")).resolve(DEMO))
        .resolve(name);
  }

  private static SSLContext open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw CommandFailure.usage(
          "There is no folder "
              + folder
              + " with an identity: cert.pem, key.pem and ca.pem. Say which one by --as or $"
              + VARIABLE
              + ".");
    }
    try {
      return CredentialFolder.open(folder).context();
    } catch (IdentityException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }
}
