package io.sagitta.policy;

import io.sagitta.definition.options.Option;

/**
 * The keys of a file that says how connections are protected and how long proofs of identity hold.
 */
record TransportFile(
    @Option(
            name = "apiVersion",
            doc = "The version of this format",
            example = "sagitta/v1",
            choices = "sagitta/v1")
        String apiVersion,
    @Option(doc = "What the file holds", example = "Transport", choices = "Transport") String kind,
    @Option(doc = "Which TLS is spoken") Transport.Tls tls,
    @Option(doc = "How long certificates hold") Transport.Certificates certificates,
    @Option(doc = "How long bearer tokens hold") Transport.Tokens tokens,
    @Option(doc = "How long a person stays logged in") Transport.Sessions sessions) {

  Transport transport() {
    return new Transport(tls, certificates, tokens, sessions);
  }
}
