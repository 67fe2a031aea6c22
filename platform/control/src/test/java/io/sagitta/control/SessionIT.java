package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.identity.Logins;
import io.sagitta.identity.PasswordHash;
import io.sagitta.service.audit.AuditEvent;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What can be done to logins and sessions, and cannot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SessionIT {
  private static final String SESSION = "/api/v1/session";
  private static final String ROTATE = "/api/v1/security/keys/rotate";

  private final GuardedControl control;

  SessionIT(@TempDir Path dir) throws Exception {
    control = new GuardedControl(dir, "");
  }

  @AfterAll
  void stop() {
    control.close();
  }

  private int whoAmI(String cookie) throws Exception {
    return control.send(control.at(SESSION, cookie)).statusCode();
  }

  private HttpRequest.Builder rotate(String cookie) {
    return control.at(ROTATE, cookie).POST(BodyPublishers.noBody());
  }

  @Test
  void login_right_givesASessionThatIsThePersonsAndIsRecorded() throws Exception {
    HttpResponse<String> reply = control.send(control.login("ada", GuardedControl.PASSWORD));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    String header = reply.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(header)
        .startsWith("__Host-sagitta=")
        .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict")
        .doesNotContain("Domain");
    String cookie = GuardedControl.cookie(reply);
    assertThat(reply.body()).doesNotContain(cookie.split("=", 2)[1]);
    HttpResponse<String> me = control.send(control.at(SESSION, cookie));
    assertThat(new ObjectMapper().readTree(me.body()).path("subject").asText())
        .isEqualTo("subject.ada");
    assertThat(me.headers().allValues("Cache-Control")).containsExactly("no-store");
    assertThat(control.audited())
        .anySatisfy(
            event -> {
              assertThat(event.who()).isEqualTo("subject.ada");
              assertThat(event.action()).isEqualTo("login");
              assertThat(event.proof()).isEqualTo("password");
              assertThat(event.outcome()).isEqualTo(AuditEvent.ALLOWED);
            });
    assertThat(control.auditLog()).doesNotContain(cookie.split("=", 2)[1]);
  }

  @Test
  void login_wrong_isAnsweredAlikeWhateverIsWrong() throws Exception {
    HttpResponse<String> wrong = control.send(control.login("eve", "correct horse"));
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();
    Map<String, String> others =
        Map.of(
            "nobody",
            "x",
            "ghost",
            GuardedControl.PASSWORD,
            "robot",
            GuardedControl.PASSWORD,
            "officers",
            "x",
            "",
            "",
            "A\\u0000b",
            "x",
            "../ada",
            "x");
    for (Map.Entry<String, String> other : others.entrySet()) {
      HttpResponse<String> reply = control.send(control.login(other.getKey(), other.getValue()));
      assertThat(reply.statusCode()).as(other.getKey()).isEqualTo(401);
      assertThat(reply.body()).isEqualTo(wrong.body());
    }
    assertThat(control.audited())
        .anySatisfy(
            event -> {
              assertThat(event.object()).isEqualTo("session of eve");
              assertThat(event.rule()).isEqualTo("wrong-password");
              assertThat(event.outcome()).isEqualTo(AuditEvent.DENIED);
            });
  }

  @Test
  void login_nameThatIsAPassword_isWrittenNowhere() throws Exception {
    control.send(control.login("hunter2-is-what-i-typed", ""));
    assertThat(control.auditLog()).contains("session of nobody known").doesNotContain("hunter2");
  }

  @Test
  void login_odd_isRefusedBeforeAnyHash() throws Exception {
    HttpRequest.Builder form =
        control
            .at(SESSION, "")
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("{\"name\":\"ada\",\"password\":\"x\"}"));
    assertThat(control.send(form).statusCode()).isEqualTo(415);
    // A connection of its own: the server closes one whose body it does not read.
    assertThat(control.sendAs("eve", control.login("ada", "x".repeat(5000))).statusCode())
        .isEqualTo(413);
    HttpRequest.Builder fromElsewhere =
        control.login("ada", GuardedControl.PASSWORD).header("Origin", "https://evil.example");
    assertThat(control.send(fromElsewhere).statusCode()).isEqualTo(403);
  }

  @Test
  void login_withAnId_givesAnotherAndEndsThatOne() throws Exception {
    String planted = "__Host-sagitta=" + "A".repeat(43);
    HttpResponse<String> reply =
        control.send(control.login("ada", GuardedControl.PASSWORD).header("Cookie", planted));
    assertThat(reply.statusCode()).isEqualTo(200);
    String first = GuardedControl.cookie(reply);
    assertThat(first).isNotEqualTo(planted);
    assertThat(whoAmI(planted)).isEqualTo(401);
    HttpResponse<String> again =
        control.send(
            control
                .login("ada", GuardedControl.PASSWORD)
                .header("Cookie", first)
                .header("Origin", control.origin()));
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(whoAmI(first)).isEqualTo(401);
    assertThat(whoAmI(GuardedControl.cookie(again))).isEqualTo(200);
  }

  @Test
  void logout_endsTheSessionForWhoeverKeptItsId() throws Exception {
    String cookie = control.session("ada");
    HttpResponse<String> reply =
        control.send(control.at(SESSION, cookie).DELETE().header("Origin", control.origin()));
    assertThat(reply.statusCode()).isEqualTo(204);
    assertThat(reply.headers().firstValue("Set-Cookie").orElse("")).contains("Max-Age=0");
    assertThat(whoAmI(cookie)).isEqualTo(401);
    assertThat(control.audited()).anySatisfy(e -> assertThat(e.action()).isEqualTo("logout"));
  }

  @Test
  void cookie_forgedOrDoubled_isNobodys() throws Exception {
    String cookie = control.session("ada");
    char last = cookie.charAt(cookie.length() - 1);
    String other = cookie.substring(0, cookie.length() - 1) + (last == 'A' ? 'B' : 'A');
    assertThat(whoAmI(other)).isEqualTo(401);
    assertThat(whoAmI("__Host-sagitta=")).isEqualTo(401);
    assertThat(whoAmI("sagitta=" + cookie.split("=", 2)[1])).isEqualTo(401);
    assertThat(whoAmI(other + "; " + cookie)).isEqualTo(401);
    assertThat(whoAmI(cookie + "; " + other)).isEqualTo(401);
    assertThat(control.sendAs("grace", control.at(SESSION, other)).statusCode())
        .as("a wrong session beside a right certificate")
        .isEqualTo(401);
    assertThat(whoAmI(cookie)).isEqualTo(200);
  }

  @Test
  void session_ofAnotherSitesPage_changesNothing() throws Exception {
    String cookie = control.session("grace");
    assertThat(control.send(rotate(cookie)).statusCode())
        .as("neither Origin nor Sec-Fetch-Site")
        .isEqualTo(403);
    for (String origin : List.of("https://evil.example", "null", "https://localhost")) {
      assertThat(control.send(rotate(cookie).header("Origin", origin)).statusCode())
          .as(origin)
          .isEqualTo(403);
    }
    for (String site : List.of("cross-site", "same-site", "none")) {
      assertThat(control.send(rotate(cookie).header("Sec-Fetch-Site", site)).statusCode())
          .as(site)
          .isEqualTo(403);
    }
    HttpRequest.Builder form =
        control
            .at(ROTATE, cookie)
            .header("Origin", control.origin())
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(control.send(form).statusCode()).isEqualTo(415);
    assertThat(control.send(rotate(cookie).header("Origin", control.origin())).statusCode())
        .isEqualTo(200);
    assertThat(control.send(rotate(cookie).header("Sec-Fetch-Site", "same-origin")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void session_mayWhatItsPersonMay() throws Exception {
    String ada = control.session("ada");
    assertThat(control.send(rotate(ada).header("Origin", control.origin())).statusCode())
        .isEqualTo(403);
    HttpRequest.Builder token =
        control
            .at("/api/v1/tokens", ada)
            .header("Origin", control.origin())
            .POST(BodyPublishers.noBody());
    assertThat(control.send(token).statusCode()).as("no token for a session").isEqualTo(403);
  }

  @Test
  void admin_seesAndEndsSomebodysSessions() throws Exception {
    String ada = control.session("ada");
    String path = "/api/v1/sessions/ada";
    assertThat(control.send(control.at(path, ada)).statusCode()).isEqualTo(403);
    HttpResponse<String> list = control.sendAs("grace", control.at(path, ""));
    assertThat(list.body()).contains("\"proof\":\"password\"", "127.0.0.1:");
    assertThat(list.body()).doesNotContain(ada.split("=", 2)[1]);
    HttpResponse<String> ended = control.sendAs("grace", control.at(path, "").DELETE());
    assertThat(new ObjectMapper().readTree(ended.body()).path("ended").asInt()).isPositive();
    assertThat(whoAmI(ada)).isEqualTo(401);
    assertThat(control.audited())
        .anySatisfy(
            event -> {
              assertThat(event.who()).isEqualTo("subject.grace");
              assertThat(event.action()).isEqualTo("revoke");
              assertThat(event.object()).isEqualTo("sessions of ada");
            });
  }

  @Test
  void person_takenOutOfThePolicy_isOutForGood() throws Exception {
    String ada = control.session("ada");
    try {
      control.applyWithout("ada");
      assertThat(whoAmI(ada)).isEqualTo(401);
      assertThat(control.send(control.login("ada", GuardedControl.PASSWORD)).statusCode())
          .isEqualTo(401);
    } finally {
      control.applyWithout("nobody");
    }
    assertThat(whoAmI(ada)).as("after the name came back").isEqualTo(401);
    assertThat(control.session("ada")).isNotEmpty();
  }

  @Test
  void password_takenAway_opensNothing() throws Exception {
    PasswordHash hash = PasswordHash.of(GuardedControl.PASSWORD.toCharArray());
    Logins.put(control.logins, "eve", hash);
    assertThat(control.session("eve")).isNotEmpty();
    Logins.remove(control.logins, "eve");
    assertThat(control.send(control.login("eve", GuardedControl.PASSWORD)).statusCode())
        .isEqualTo(401);
  }
}
