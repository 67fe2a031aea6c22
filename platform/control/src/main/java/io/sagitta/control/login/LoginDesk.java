package io.sagitta.control.login;

import io.sagitta.identity.Identity;
import io.sagitta.identity.IdentityException;
import io.sagitta.identity.PasswordCheck;
import io.sagitta.policy.Subject;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.service.access.Caller;
import io.sagitta.service.access.Doorkeeper;
import io.sagitta.service.access.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where people of the policy log in: gives a session for a proof, and records that. Whatever was
 * wrong, the answer is the same. Thread-safe.
 */
public final class LoginDesk {
  /** The action in the audit log and in metrics. */
  public static final String LOGIN = "login";

  private static final Logger LOG = LoggerFactory.getLogger(LoginDesk.class);
  private static final String SPELLING = "[a-z][a-z0-9-]{0,62}";

  private final Optional<PasswordCheck> passwords;
  private final Attempts attempts;
  private final Sessions sessions;
  private final Doorkeeper keeper;

  /** Creates one; {@code passwords} are those of a control that keeps some. */
  public LoginDesk(Optional<PasswordCheck> passwords, Sessions sessions, Doorkeeper keeper) {
    this(passwords, sessions, keeper, new Attempts(System::nanoTime));
  }

  private LoginDesk(
      Optional<PasswordCheck> passwords, Sessions sessions, Doorkeeper keeper, Attempts attempts) {
    this.passwords = passwords;
    this.attempts = attempts;
    this.sessions = sessions;
    this.keeper = keeper;
  }

  /** Returns the sessions that it gives. */
  public Sessions sessions() {
    return sessions;
  }

  /**
   * Returns a new session of {@code name} for their password.
   *
   * @param caller who asks, as far as that is known
   * @param address where from, without the port
   * @throws ProblemException 401 if it is not theirs, 429 after too many attempts
   */
  public Sessions.Begun withPassword(Caller caller, String address, String name, String password) {
    PasswordCheck check = passwords.orElseThrow(LoginDesk::noPasswords);
    String object = named(name);
    String key = name.matches(SPELLING) ? name : "?";
    bounded(attempts.take(key, address), caller, object);
    PasswordCheck.Outcome outcome = outcome(check, name, password.toCharArray());
    if (outcome == PasswordCheck.Outcome.BUSY) {
      keeper.loginFailed(caller, object, "busy");
      throw Problem.of(503, "busy", "Busy", "Too many people log in at this moment. Try again.")
          .retryAfter(Duration.ofSeconds(5))
          .exception();
    }
    if (outcome == PasswordCheck.Outcome.WRONG || !isPerson(name)) {
      keeper.loginFailed(caller, object, "wrong-password");
      throw failed("The name or the password is wrong.");
    }
    attempts.succeeded(key, address);
    return begin(name, "password", caller);
  }

  /**
   * Returns if another login may be tried from {@code address}.
   *
   * @throws ProblemException 429 if there were too many
   */
  void mayTry(Caller caller, String address) {
    bounded(attempts.take(address), caller, named(""));
  }

  private void bounded(Optional<Duration> wait, Caller caller, String object) {
    if (wait.isPresent()) {
      keeper.loginFailed(caller, object, "too-many-attempts");
      throw Problem.of(
              429,
              "too-many-attempts",
              "Too many attempts",
              "There were too many attempts to log in. Wait, and try again.")
          .retryAfter(wait.get().plusSeconds(1))
          .exception();
    }
  }

  /**
   * Returns a new session of {@code name}, whom {@code how} proved.
   *
   * @throws ProblemException 401 if the policy names no such person
   */
  Sessions.Begun ofProven(Caller caller, String address, String name, String how) {
    if (!isPerson(name)) {
      throw refused(caller, "not-in-the-policy");
    }
    attempts.succeeded(address);
    return begin(name, how, caller);
  }

  /** Counts and records a login that failed at an identity provider, and returns the answer. */
  ProblemException refused(Caller caller, String reason) {
    keeper.loginFailed(caller, named(""), reason);
    return failed("The identity provider's answer lets nobody in who may use this platform.");
  }

  private Sessions.Begun begin(String name, String how, Caller caller) {
    Identity.Subject person = new Identity.Subject(name);
    keeper.record(
        Caller.proven(person, how, caller.from(), Instant.MAX), LOGIN, "session", "by " + how);
    return sessions.begin(person, how, caller.from());
  }

  private static PasswordCheck.Outcome outcome(PasswordCheck check, String name, char[] password) {
    try {
      return check.check(name, password);
    } catch (IdentityException e) {
      LOG.error("Nobody can log in: {}", e.getMessage());
      throw Problem.of(
              503,
              "no-passwords",
              "No passwords",
              "The passwords cannot be read. Control's log says why.")
          .exception();
    }
  }

  /** People type passwords where names belong, so only known names are written down. */
  private String named(String name) {
    return isPerson(name) ? "session of " + name : "session of nobody known";
  }

  private boolean isPerson(String name) {
    return keeper
        .policy()
        .current()
        .flatMap(policy -> policy.subject(name))
        .filter(subject -> subject instanceof Subject.Person)
        .isPresent();
  }

  private static ProblemException failed(String detail) {
    return Problem.of(401, "login-failed", "Not logged in", detail).exception();
  }

  private static ProblemException noPasswords() {
    return Problem.of(
            404,
            "no-passwords",
            "No passwords",
            "This control keeps no passwords: set 'security: {logins: FILE}' in its file.")
        .exception();
  }
}
