package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.service.audit.AuditEvent;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** People who log in with a real Keycloak, and others who would like to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KeycloakIT {
  private static final String BEGIN = "/api/v1/session/oidc";
  private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");

  private final Keycloak keycloak;
  private final GuardedControl control;

  KeycloakIT(@TempDir Path dir) throws Exception {
    keycloak = new Keycloak(Path.of(System.getProperty("keycloak.home", "")), dir.resolve("log"));
    Path secret =
        Files.createFile(
            dir.resolve("oidc-secret"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, Keycloak.SECRET);
    try {
      control =
          new GuardedControl(
              dir,
              """
              oidc:
                issuer: %s
                client: %s
                secret: %s
                url: https://localhost:7080
              """
                  .formatted(keycloak.issuer(), Keycloak.CLIENT, secret));
    } catch (Exception e) {
      keycloak.close();
      throw e;
    }
  }

  @AfterAll
  void stop() {
    control.close();
    keycloak.close();
  }

  /** What a browser brings back from Keycloak. */
  private record Back(String secret, String path) {}

  private Back loggedInAtKeycloak(String name) throws Exception {
    HttpResponse<String> begun = control.send(control.at(BEGIN, ""));
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(303);
    assertThat(begun.headers().firstValue("Set-Cookie").orElse(""))
        .contains("__Host-sagitta-login=", "Secure", "HttpOnly", "SameSite=Lax");
    String there = begun.headers().firstValue("Location").orElseThrow();
    assertThat(there).startsWith(keycloak.issuer()).contains("code_challenge_method=S256");
    HttpClient browser = HttpClient.newHttpClient();
    HttpResponse<String> page =
        browser.send(HttpRequest.newBuilder(URI.create(there)).build(), BodyHandlers.ofString());
    Matcher form = FORM.matcher(page.body());
    assertThat(form.find()).as(page.body()).isTrue();
    Map<String, String> cookies = new TreeMap<>();
    for (String cookie : page.headers().allValues("Set-Cookie")) {
      String[] pair = cookie.split(";", 2)[0].split("=", 2);
      cookies.put(pair[0], pair[1]);
    }
    String fields =
        "username=%s&password=%s"
            .formatted(name, URLEncoder.encode(Keycloak.PASSWORD, StandardCharsets.UTF_8));
    HttpResponse<String> sent =
        browser.send(
            HttpRequest.newBuilder(URI.create(form.group(1).replace("&amp;", "&")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                    "Cookie",
                    cookies.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("; ")))
                .POST(BodyPublishers.ofString(fields))
                .build(),
            BodyHandlers.ofString());
    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(302);
    URI back = URI.create(sent.headers().firstValue("Location").orElseThrow());
    assertThat(back).hasHost("localhost").hasPath("/api/v1/session/oidc/back");
    return new Back(GuardedControl.cookie(begun), back.getRawPath() + "?" + back.getRawQuery());
  }

  /** As a browser goes there which Keycloak sends back. */
  private HttpResponse<String> land(String secret, String path) throws Exception {
    return control.send(
        control
            .at(path, secret)
            .header("Sec-Fetch-Site", "cross-site")
            .header("Sec-Fetch-Mode", "navigate")
            .header("Sec-Fetch-Dest", "document"));
  }

  @Test
  void login_atKeycloak_givesASessionOnce() throws Exception {
    Back back = loggedInAtKeycloak("ada");
    HttpResponse<String> reply = land(back.secret(), back.path());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(303);
    assertThat(reply.headers().firstValue("Location").orElse("")).isEqualTo(control.origin() + "/");
    List<String> cookies = reply.headers().allValues("Set-Cookie");
    String session =
        cookies.stream()
            .filter(c -> c.startsWith("__Host-sagitta="))
            .map(c -> c.split(";", 2)[0])
            .findFirst()
            .orElseThrow();
    assertThat(cookies).anyMatch(c -> c.startsWith("__Host-sagitta-login=;"));
    assertThat(control.send(control.at("/api/v1/session", session)).body())
        .contains("\"subject\":\"subject.ada\"");
    assertThat(control.audited())
        .anySatisfy(
            event -> {
              assertThat(event.who()).isEqualTo("subject.ada");
              assertThat(event.proof()).isEqualTo("oidc");
              assertThat(event.outcome()).isEqualTo(AuditEvent.ALLOWED);
            });
    assertThat(land(back.secret(), back.path()).statusCode())
        .as("the same code again")
        .isEqualTo(401);
  }

  @Test
  void login_ofWhoIsNoPersonOfThePolicy_givesNone() throws Exception {
    for (String name : List.of("mallory", "robot")) {
      Back back = loggedInAtKeycloak(name);
      HttpResponse<String> reply = land(back.secret(), back.path());
      assertThat(reply.statusCode()).as(name).isEqualTo(401);
      assertThat(reply.headers().allValues("Set-Cookie")).isEmpty();
    }
    assertThat(control.audited())
        .anySatisfy(event -> assertThat(event.rule()).isEqualTo("not-in-the-policy"));
    assertThat(control.auditLog()).doesNotContain("mallory");
  }

  @Test
  void back_inAnotherBrowserOrChanged_givesNone() throws Exception {
    Back back = loggedInAtKeycloak("ada");
    Back other = loggedInAtKeycloak("ada");
    assertThat(land("", back.path()).statusCode()).as("no cookie").isEqualTo(401);
    assertThat(land(other.secret(), back.path()).statusCode()).as("another's").isEqualTo(401);
    assertThat(land(back.secret() + "; " + other.secret(), back.path()).statusCode())
        .isEqualTo(401);
    String noState = back.path().replaceAll("state=[^&]*", "state=x");
    assertThat(land(back.secret(), noState).statusCode()).isEqualTo(401);
    String otherIssuer = back.path().replaceAll("iss=[^&]*", "iss=https%3A%2F%2Fevil.example");
    assertThat(otherIssuer).isNotEqualTo(back.path());
    assertThat(land(back.secret(), otherIssuer).statusCode()).isEqualTo(401);
    String otherCode =
        back.path().replaceAll("code=[^&]*", other.path().replaceAll(".*(code=[^&]*).*", "$1"));
    assertThat(land(back.secret(), otherCode).statusCode())
        .as("a code of another login: PKCE")
        .isEqualTo(401);
  }

  @Test
  void back_ofAPageThatIsNotGoneTo_isTurnedAway() throws Exception {
    HttpRequest.Builder image =
        control
            .at("/api/v1/session/oidc/back?code=x&state=y", "")
            .header("Sec-Fetch-Site", "cross-site")
            .header("Sec-Fetch-Mode", "no-cors")
            .header("Sec-Fetch-Dest", "image");
    assertThat(control.send(image).statusCode()).isEqualTo(403);
    assertThat(land("", BEGIN).statusCode()).as("only the way back").isEqualTo(403);
  }
}
