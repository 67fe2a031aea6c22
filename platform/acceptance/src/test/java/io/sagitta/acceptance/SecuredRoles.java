package io.sagitta.acceptance;

import io.sagitta.control.ControlConfiguration;
import io.sagitta.control.ControlMain;
import io.sagitta.gateway.GatewayConfiguration;
import io.sagitta.gateway.GatewayRole;
import io.sagitta.identity.Authorities;
import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.service.RunningRole;
import io.sagitta.service.ServiceConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** A control and a gateway with guarded doors, and clients with certificates. */
final class SecuredRoles implements AutoCloseable {
  private static final Duration DAY = Duration.ofDays(1);

  final RunningRole control;
  final RunningRole gateway;
  final Path data;
  private final LocalPulsar pulsar;
  private final CertificateAuthority authority;
  private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();

  /** Starts them with the policy in {@code policy}. */
  SecuredRoles(Path data, Map<String, String> policy) throws Exception {
    this.data = data;
    pulsar = LocalPulsar.start(LocalPulsarOptions.in(data.resolve("pulsar")).withFsync(false));
    authority = CertificateAuthority.in(data.resolve("ca"), "test", DAY, Clock.systemUTC());
    Path folder = Files.createDirectories(data.resolve("security"));
    for (Map.Entry<String, String> file : policy.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    ControlConfiguration ofControl = new ControlConfiguration();
    protect(ofControl, Identity.Machine.CONTROL);
    ofControl.security().setPolicy(folder.toString());
    ofControl.security().setKeys(data.resolve("token-keys.json").toString());
    control = new ControlMain().start(ofControl);
    GatewayConfiguration ofGateway = new GatewayConfiguration();
    protect(ofGateway, Identity.Machine.GATEWAY);
    gateway = new GatewayRole().start(ofGateway);
  }

  private void protect(ServiceConfiguration configuration, Identity.Machine machine) {
    Path folder = data.resolve(machine.principal());
    authority.issue(machine, List.of("localhost", "127.0.0.1"), DAY, folder);
    configuration.listen().setPort(0);
    configuration.listen().setAdminPort(0);
    configuration.tls().setFolder(folder.toString());
    configuration.audit().setFolder(data.resolve(machine.principal() + "-audit").toString());
    configuration.pulsar().setServiceUrl(pulsar.brokerUrl());
    configuration.pulsar().setAdminUrl(pulsar.adminUrl().toString());
  }

  /** Returns a client that shows the certificate of {@code principal}; none if it is empty. */
  HttpClient client(String principal) {
    return clients.computeIfAbsent(
        principal,
        p -> {
          try {
            return HttpClient.newBuilder()
                .sslContext(
                    p.isEmpty()
                        ? Authorities.trusted(data.resolve("ca").resolve(CredentialFolder.TRUST))
                        : somebody(p))
                .build();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private SSLContext somebody(String principal) {
    Path folder = data.resolve("clients").resolve(principal);
    authority.issue(Identity.of(principal).orElseThrow(), List.of(), DAY, folder);
    return CredentialFolder.open(folder).context();
  }

  static HttpRequest.Builder at(RunningRole role, String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + role.port() + path));
  }

  HttpResponse<String> send(String principal, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client(principal).send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String principal, RunningRole role, String path, String json)
      throws IOException, InterruptedException {
    return send(
        principal,
        at(role, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  @Override
  public void close() {
    gateway.close();
    control.close();
    pulsar.close();
  }
}
