package io.sagitta.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Keycloak on loopback, with the realm {@code sagitta}; what the build unpacked. */
final class Keycloak implements AutoCloseable {
  static final String CLIENT = "sagitta-control";
  static final String SECRET = "known to Keycloak and control";
  static final String PASSWORD = "only Keycloak knows it";

  private static final int PATIENCE_SECONDS = 240;
  private static final String USER =
      """
      {"username": "%1$s", "enabled": true, "email": "%1$s@example.org", "emailVerified": true,
       "firstName": "%1$s", "lastName": "Example",
       "credentials": [{"type": "password", "value": "%2$s", "temporary": false}]}
      """;
  private static final String REALM =
      """
      {"realm": "sagitta", "enabled": true, "sslRequired": "none",
       "clients": [{"clientId": "%s", "secret": "%s", "enabled": true, "publicClient": false,
         "protocol": "openid-connect", "standardFlowEnabled": true,
         "directAccessGrantsEnabled": false, "redirectUris": ["https://localhost:7080/api/v1/session/oidc/back"],
         "attributes": {"pkce.code.challenge.method": "S256"}}],
       "users": [%s, %s, %s]}
      """;

  private final Process process;
  private final int port;

  /** Starts one; {@code home} is where its distribution lies, {@code log} is written. */
  Keycloak(Path home, Path log) throws IOException, InterruptedException {
    port = freePort();
    Path realm = Files.createDirectories(home.resolve("data").resolve("import"));
    Files.writeString(
        realm.resolve("sagitta-realm.json"),
        REALM.formatted(
            CLIENT,
            SECRET,
            USER.formatted("ada", PASSWORD),
            USER.formatted("robot", PASSWORD),
            USER.formatted("mallory", PASSWORD)));
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh",
                home.resolve("bin").resolve("kc.sh").toString(),
                "start-dev",
                "--db=dev-mem",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--import-realm")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms128m -Xmx768m");
    builder.environment().put("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
    process = builder.start();
    try {
      await(log);
    } catch (IOException | InterruptedException | AssertionError e) {
      close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void await(Path log) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer() + "/.well-known/openid-configuration")).build();
    while (System.nanoTime() < deadline) {
      try {
        if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not yet. It ends, or listens some time.
      }
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new AssertionError("Keycloak did not start:\n" + Files.readString(log));
  }

  String issuer() {
    return "http://127.0.0.1:" + port + "/realms/sagitta";
  }

  @Override
  public void close() {
    // The script has become Java, or waits for it.
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().orTimeout(30, TimeUnit.SECONDS).join());
  }
}
