package io.sagitta.control.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.control.login.OidcProvider.AwayException;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.service.StartException;
import io.sagitta.service.access.Caller;
import io.sagitta.service.access.Sessions;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logins with an identity provider: sends a browser there, and gives a session when it is back. */
public final class OidcLogins {
  private static final Logger LOG = LoggerFactory.getLogger(OidcLogins.class);

  private final OidcSettings settings;
  private final OidcProvider provider;
  private final LoginDesk desk;

  /**
   * Creates those with the provider that {@code settings} name.
   *
   * @throws StartException if they cannot be used
   */
  public OidcLogins(OidcSettings settings, LoginDesk desk) throws StartException {
    this.settings = settings;
    this.provider = new OidcProvider(settings);
    this.desk = desk;
  }

  /**
   * A login that began.
   *
   * @param secret what the browser has to show when it is back
   * @param provider where it goes until then
   */
  public record Begun(String secret, URI provider) {}

  /** Begins a login. */
  public Begun begin() {
    OidcSecrets secrets = OidcSecrets.random();
    try {
      return new Begun(secrets.seed(), provider.authorization(secrets));
    } catch (AwayException e) {
      throw away(e);
    }
  }

  /**
   * What a browser brings back.
   *
   * @param secrets the cookies with what it was given
   * @param state what the provider was given
   * @param code for the provider's token
   * @param issuer who says so; empty if the provider does not say
   */
  public record Answer(
      List<String> secrets,
      Optional<String> state,
      Optional<String> code,
      Optional<String> issuer) {
    public Answer {
      secrets = List.copyOf(secrets);
    }
  }

  /**
   * Returns the session of whom the provider names.
   *
   * @param caller who asks, as far as that is known
   * @param address where from, without the port
   * @throws ProblemException 401 if it names nobody who may have one
   */
  public Sessions.Begun finish(Caller caller, String address, Answer answer) {
    desk.mayTry(caller, address);
    // Of another provider, or for another browser: somebody else's login (RFC 9207, RFC 9700).
    if (answer.secrets().size() != 1
        || answer.issuer().filter(i -> !i.equals(settings.issuer().toString())).isPresent()) {
      throw desk.refused(caller, "oidc-not-begun");
    }
    OidcSecrets secrets = new OidcSecrets(answer.secrets().get(0));
    byte[] state = answer.state().orElse("").getBytes(UTF_8);
    if (secrets.seed().isEmpty()
        || !MessageDigest.isEqual(secrets.state().getBytes(UTF_8), state)) {
      throw desk.refused(caller, "oidc-not-begun");
    }
    String code = answer.code().orElseThrow(() -> desk.refused(caller, "oidc-no-code"));
    try {
      String name =
          provider.person(code, secrets).orElseThrow(() -> desk.refused(caller, "oidc-no-proof"));
      return desk.ofProven(caller, address, name, "oidc");
    } catch (AwayException e) {
      throw away(e);
    }
  }

  private ProblemException away(AwayException e) {
    LOG.error("Nobody can log in with issuer={}: {}", settings.issuer(), e.getMessage());
    return Problem.of(
            503,
            "provider-away",
            "Identity provider away",
            "The identity provider does not answer as it should. Control's log says how.")
        .retryAfter(Duration.ofSeconds(10))
        .exception();
  }
}
