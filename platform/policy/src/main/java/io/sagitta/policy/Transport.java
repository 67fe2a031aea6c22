package io.sagitta.policy;

import io.sagitta.definition.options.Option;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** How connections are protected, and for how long what proves an identity holds. */
public record Transport(Tls tls, Certificates certificates, Tokens tokens, Sessions sessions) {

  /** Which TLS is spoken: what is not listed here is refused in the handshake. */
  public record Tls(
      @Option(
              doc = "The versions; 1.2 only where a peer has no 1.3, and only with `suites`",
              example = "[TLSv1.3, TLSv1.2]",
              defaultValue = "TLSv1.3",
              choices = {"TLSv1.3", "TLSv1.2"})
          List<String> versions,
      @Option(
              doc =
                  "The cipher suites of TLS 1.2: those with forward secrecy and authenticated"
                      + " encryption; all of TLS 1.3's are",
              example = "[TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]",
              choices = {
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
              })
          List<String> suites) {
    /** All suites of TLS 1.3, of which none is weak. */
    public static final List<String> SUITES_OF_1_3 =
        List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

    public Tls {
      versions = List.copyOf(versions);
      suites = List.copyOf(suites);
    }

    /** Returns the suites of all versions, those of 1.3 first. */
    public List<String> allSuites() {
      return Stream.concat(SUITES_OF_1_3.stream(), suites.stream()).toList();
    }
  }

  /** How long certificates of gateway, control and nodes hold. */
  public record Certificates(
      @Option(doc = "From issue to expiry; at most 397d", defaultValue = "30d", positive = true)
          Duration lifetime,
      @Option(
              doc = "How long before expiry a new one is taken",
              defaultValue = "10d",
              positive = true)
          Duration renewBefore) {}

  /** How long bearer tokens hold, and how they are signed. */
  public record Tokens(
      @Option(doc = "From issue to expiry; at most 1d", defaultValue = "15m", positive = true)
          Duration lifetime,
      @Option(
              doc = "How long before expiry a new one is taken",
              defaultValue = "5m",
              positive = true)
          Duration renewBefore,
      @Option(
              doc = "The one signature algorithm that is accepted",
              defaultValue = "ES256",
              choices = {"ES256", "ES384", "RS256"})
          String algorithm,
      @Option(
              doc = "How long tokens of the old key hold after it was rotated; at least `lifetime`",
              defaultValue = "1h",
              positive = true)
          Duration keyOverlap) {}

  /** How long a person stays logged in to the console. */
  public record Sessions(
      @Option(doc = "At most, however busy; at most 1d", defaultValue = "8h", positive = true)
          Duration lifetime,
      @Option(doc = "Without doing anything", defaultValue = "30m", positive = true)
          Duration idle) {}
}
