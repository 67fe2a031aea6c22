package io.sagitta.cli;

import picocli.CommandLine.Option;

/** Options of every command. */
final class CommonOptions {
  @Option(names = "--json", description = "Print JSON for machines instead of text for people.")
  private boolean json;

  @Option(names = "--debug", description = "On an unexpected error, print where it came from.")
  private boolean debug;

  boolean json() {
    return json;
  }

  boolean debug() {
    return debug;
  }
}
