package io.sagitta.service;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.IdentityException;
import io.sagitta.service.access.AuditTrail;
import io.sagitta.service.access.Doorkeeper;
import io.sagitta.service.access.Doors;
import io.sagitta.service.access.PolicyInForce;
import io.sagitta.service.access.Presented;
import io.sagitta.service.access.Proofs;
import io.sagitta.service.access.Sessions;
import io.sagitta.service.audit.AuditLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How a role's ports are protected: by TLS and a doorkeeper, or on loopback by nothing. */
final class Protection {
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "::1");

  private final Optional<CredentialFolder> credentials;
  private final Optional<AuditLog> audit;
  private final PolicyInForce policy = new PolicyInForce();

  private Protection(Optional<CredentialFolder> credentials, Optional<AuditLog> audit) {
    this.credentials = credentials;
    this.audit = audit;
  }

  /**
   * Returns what {@code settings} say.
   *
   * @throws StartException if they say nothing, or what cannot be
   */
  static Protection of(ServiceConfiguration settings, String role) throws StartException {
    Optional<Path> folder = settings.tls().folder();
    if (settings.isUnprotected()) {
      String host = settings.listen().getHost();
      if (folder.isPresent() || settings.audit().folder().isPresent()) {
        throw new StartException("Set either 'tls' and 'audit', or 'unprotected'.");
      }
      if (!LOOPBACK.contains(host)) {
        throw new StartException(
            "'unprotected' holds on loopback alone, and listen.host is %s: set 'tls: {folder: ...}'."
                .formatted(host));
      }
      return new Protection(Optional.empty(), Optional.empty());
    }
    if (folder.isEmpty()) {
      throw new StartException(
          "Set 'tls: {folder: ...}' to the folder with this role's cert.pem, key.pem and ca.pem; or"
              + " 'unprotected: on-loopback' to let everybody on this machine do everything.");
    }
    return guarded(settings, folder.get(), role);
  }

  private static Protection guarded(ServiceConfiguration settings, Path folder, String role)
      throws StartException {
    try {
      CredentialFolder credentials = CredentialFolder.open(folder);
      if (settings.listen().clientPort().isEmpty()) {
        return new Protection(Optional.of(credentials), Optional.empty());
      }
      Path log =
          settings
              .audit()
              .folder()
              .orElseThrow(
                  () ->
                      new StartException(
                          "Set 'audit: {folder: ...}' to where this role keeps its audit log."));
      return new Protection(
          Optional.of(credentials), Optional.of(AuditLog.open(log, role, Clock.systemUTC())));
    } catch (IdentityException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new StartException("The audit log cannot be opened: " + e.getMessage() + ".");
    }
  }

  /** Lets go of what a role that did not start holds. */
  void close() throws IOException {
    if (audit.isPresent()) {
      audit.get().close();
    }
  }

  /** Puts the doors of {@code environment} in. */
  Doors doors(Environment environment, Metrics metrics) {
    Doorkeeper keeper =
        new Doorkeeper(credentials.isPresent(), policy, new AuditTrail(audit, metrics), metrics);
    environment.lifecycle().manage(keeper);
    Sessions sessions = new Sessions(policy, Clock.systemUTC());
    Proofs proofs =
        credentials.isPresent()
            ? new Presented(policy, sessions, Clock.systemUTC())
            : Proofs.none();
    return new Doors(environment, keeper, proofs, sessions);
  }

  /** Returns what makes connectors; asked whether it is for the admin port. */
  Function<Boolean, HttpConnectorFactory> connectors() {
    return admin ->
        credentials.isPresent()
            ? new TlsConnectorFactory(credentials.get(), policy, admin)
            : new HttpConnectorFactory();
  }
}
