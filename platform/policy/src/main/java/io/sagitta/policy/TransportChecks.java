package io.sagitta.policy;

import java.time.Duration;
import java.util.Optional;

/** Checks what a file says of connections against itself. */
final class TransportChecks {
  private static final Duration LONGEST_CERTIFICATE = Duration.ofDays(397);
  private static final Duration LONGEST_PROOF = Duration.ofDays(1);

  private final PolicyDocument document;

  private TransportChecks(PolicyDocument document) {
    this.document = document;
  }

  static void check(PolicyDocument document) {
    TransportChecks checks = new TransportChecks(document);
    document.value("tls", Transport.Tls.class).ifPresent(checks::tls);
    checks.proof("certificates", LONGEST_CERTIFICATE, "397d");
    checks.proof("tokens", LONGEST_PROOF, "1d");
    checks.atMost("sessions", LONGEST_PROOF, "1d");
    checks.compare();
  }

  private void tls(Transport.Tls tls) {
    boolean old = tls.versions().contains("TLSv1.2");
    if (!tls.versions().contains("TLSv1.3")) {
      document.error(
          "tls.versions", "TLSv1.3 is not among the versions. Add it: all parts speak it");
    }
    if (old && tls.suites().isEmpty()) {
      document.error("tls.versions", "TLSv1.2 needs 'suites', and nobody could use it. Name them");
    }
    if (!old && !tls.suites().isEmpty()) {
      document.error(
          "tls.suites", "'suites' are TLS 1.2's, which 'versions' does not have. Remove them");
    }
  }

  private void proof(String section, Duration most, String words) {
    atMost(section, most, words);
    Optional<Duration> renew = duration(section + ".renew_before");
    duration(section + ".lifetime")
        .filter(lifetime -> renew.filter(r -> r.compareTo(lifetime) >= 0).isPresent())
        .ifPresent(
            lifetime ->
                document.error(
                    section + ".renew_before", "'renew_before' must be shorter than 'lifetime'"));
  }

  private void atMost(String section, Duration most, String words) {
    duration(section + ".lifetime")
        .filter(lifetime -> lifetime.compareTo(most) > 0)
        .ifPresent(
            lifetime ->
                document.error(
                    section + ".lifetime",
                    "'lifetime' must be at most %s: what is stolen holds as long",
                    words));
  }

  private void compare() {
    Optional<Duration> token = duration("tokens.lifetime");
    Optional<Duration> overlap = duration("tokens.key_overlap");
    if (token.isPresent() && overlap.isPresent() && overlap.get().compareTo(token.get()) < 0) {
      document.error(
          "tokens.key_overlap",
          "'key_overlap' must be at least 'lifetime', or a rotation ends tokens that still hold");
    }
    Optional<Duration> session = duration("sessions.lifetime");
    Optional<Duration> idle = duration("sessions.idle");
    if (session.isPresent() && idle.isPresent() && idle.get().compareTo(session.get()) > 0) {
      document.error("sessions.idle", "'idle' must be at most 'lifetime'");
    }
  }

  private Optional<Duration> duration(String path) {
    return document.value(path, Duration.class);
  }
}
