package io.sagitta.control.security;

import io.sagitta.control.login.LoginDesk;
import io.sagitta.control.login.OidcLogins;
import io.sagitta.control.login.OidcSettings;
import io.sagitta.identity.IdentityException;
import io.sagitta.identity.Logins;
import io.sagitta.identity.PasswordCheck;
import io.sagitta.identity.TokenKeys;
import io.sagitta.policy.PolicyResult;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.service.StartException;
import io.sagitta.service.access.Doors;
import io.sagitta.service.access.PolicyInForce;
import io.sagitta.service.access.PolicyTexts;
import io.sagitta.transport.PolicyRecord;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What a control with guarded doors has for the platform's security; an unprotected one has
 * nothing.
 *
 * @param book the policy in force
 * @param desk where tokens come from
 * @param logins where people log in
 * @param oidc logins with an identity provider
 */
public record SecurityParts(
    PolicyBook book, TokenDesk desk, LoginDesk logins, Optional<OidcLogins> oidc) {
  private static final String NO_KEYS =
      "Set 'security: {keys: FILE}' to where control keeps the keys of tokens; it makes the file.";
  private static final String NO_POLICY =
      "No policy was ever applied: set 'security: {policy: FOLDER}' to the one to begin with.";

  /**
   * Opens them if {@code doors} are guarded.
   *
   * @throws StartException if there is no policy, or one with errors, or no place for keys
   */
  public static Optional<SecurityParts> open(
      SecuritySettings settings, PulsarConnection connection, Doors doors, Clock clock)
      throws StartException {
    if (!doors.keeper().isGuarded()) {
      return Optional.empty();
    }
    Path file = settings.keys().orElseThrow(() -> new StartException(NO_KEYS));
    Optional<Map<String, String>> first =
        settings.policy().isPresent()
            ? Optional.of(FirstPolicy.in(settings.policy().get()))
            : Optional.empty();
    StateTopic<PolicyRecord> topic = StateTopic.open(connection, Topics.POLICY, PolicyRecord.class);
    try {
      PolicyInForce inForce = doors.keeper().policy();
      TokenKeys keys = TokenKeys.in(file, settings.publishedKeys(), algorithm(topic, first), clock);
      PolicyBook book = new PolicyBook(connection, topic, inForce, keys, clock);
      book.begin(first);
      LoginDesk logins = logins(settings, doors);
      Optional<OidcLogins> oidc = oidc(settings, logins, doors);
      return Optional.of(
          new SecurityParts(book, new TokenDesk(keys, inForce, clock), logins, oidc));
    } catch (IdentityException | ProblemException e) {
      topic.close();
      throw new StartException(String.valueOf(e.getMessage()));
    } catch (StartException e) {
      topic.close();
      throw e;
    }
  }

  private static LoginDesk logins(SecuritySettings settings, Doors doors) {
    Optional<PasswordCheck> passwords = settings.logins().map(Logins::in).map(PasswordCheck::new);
    doors.sessions().keep();
    return new LoginDesk(passwords, doors.sessions(), doors.keeper());
  }

  private static Optional<OidcLogins> oidc(SecuritySettings settings, LoginDesk logins, Doors doors)
      throws StartException {
    if (settings.oidc().isEmpty()) {
      return Optional.empty();
    }
    doors.landing(OidcSettings.BACK);
    return Optional.of(new OidcLogins(settings.oidc().get(), logins));
  }

  private static String algorithm(
      StateTopic<PolicyRecord> topic, Optional<Map<String, String>> first) throws StartException {
    Map<String, String> files =
        topic
            .get(PolicyRecord.KEY)
            .map(PolicyRecord::files)
            .or(() -> first)
            .orElseThrow(() -> new StartException(NO_POLICY));
    PolicyResult read = PolicyTexts.read(files);
    return read.policy()
        .orElseThrow(
            () ->
                new StartException(
                    "The policy has errors: " + read.problems().get(0) + ". Mend security.policy."))
        .transport()
        .tokens()
        .algorithm();
  }

  /** Returns {@code parts}, or the answer of a control that has none. */
  public static SecurityParts required(Optional<SecurityParts> parts) {
    return parts.orElseThrow(
        () ->
            Problem.of(
                    404,
                    "unprotected",
                    "Unprotected",
                    "This control lets everybody on this machine do everything, so it has no policy,"
                        + " no keys and no tokens.")
                .exception());
  }
}
