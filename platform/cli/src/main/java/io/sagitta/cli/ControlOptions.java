package io.sagitta.cli;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where control is, and who one is there. */
final class ControlOptions {
  static final String DEFAULT_URL = "https://127.0.0.1:7080";
  static final String VARIABLE = "SAGITTA_CONTROL";

  @Option(
      names = "--control",
      paramLabel = "URL",
      description = "Where control is; else $SAGITTA_CONTROL, else " + DEFAULT_URL + ".")
  private @Nullable String url;

  @Mixin private final IdentityOptions identity = new IdentityOptions();

  ControlClient connect(Shell shell) {
    String text =
        Optional.ofNullable(url).or(() -> shell.variable(VARIABLE)).orElse(DEFAULT_URL).strip();
    try {
      URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return new ControlClient(uri, identity.context(shell));
      }
    } catch (IllegalArgumentException e) {
      // Told below, together with URLs of another kind.
    }
    throw CommandFailure.usage(
        "'" + text + "' is no URL of control; write it as " + DEFAULT_URL + ".");
  }
}
