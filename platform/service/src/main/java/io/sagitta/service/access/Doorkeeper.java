package io.sagitta.service.access;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.identity.Identity;
import io.sagitta.policy.Action;
import io.sagitta.policy.Decision;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Resource;
import io.sagitta.policy.Subject;
import io.sagitta.service.Metrics;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.service.audit.AuditEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the policy, counts and records what it says, and refuses what it does not allow. The only
 * class that turns a caller away. Thread-safe.
 *
 * <p>An unguarded one lets everybody do everything: for roles on loopback whose configuration says
 * so.
 */
public final class Doorkeeper implements Managed {
  /** What is counted and not recorded: it changes nothing, and there is no end of it. */
  private static final Set<Action> ONLY_COUNTED =
      Set.of(
          Action.OnPipeline.VIEW,
          Action.OnPipeline.PLAN,
          Action.OnSource.WRITE,
          Action.OnStream.READ);

  private static final String KNOWN = "login";

  private final boolean guarded;
  private final PolicyInForce policy;
  private final AuditTrail audit;
  private final Metrics.Counter allowed;
  private final Metrics.Counter denied;

  /** Creates one; {@code audit} becomes its own. */
  public Doorkeeper(boolean guarded, PolicyInForce policy, AuditTrail audit, Metrics metrics) {
    this.guarded = guarded;
    this.policy = policy;
    this.audit = audit;
    this.allowed =
        metrics.counter("sagitta_authz_allowed_total", "Requests that were allowed.", "action");
    this.denied =
        metrics.counter(
            "sagitta_authz_denied_total", "Requests that were denied.", "action", "reason");
  }

  @Override
  public void start() {
    audit.start();
  }

  @Override
  public void stop() {
    audit.stop();
  }

  /** Returns whether anybody has to prove anything. */
  public boolean isGuarded() {
    return guarded;
  }

  /** Returns the policy that it asks. */
  public PolicyInForce policy() {
    return policy;
  }

  /** Returns if {@code caller} may do {@code action} to {@code resource}. */
  void require(Caller caller, Action action, Resource resource) {
    if (!guarded) {
      return;
    }
    String object = Resource.noun(action) + " " + resource;
    Identity identity = proven(caller, action.word(), object);
    Decision decision = decide(identity, action, resource);
    if (decision instanceof Decision.Denied no) {
      throw deny(caller, action.word(), object, no.why());
    } else if (decision instanceof Decision.Allowed yes) {
      allowed.add(1, action.word());
      if (!ONLY_COUNTED.contains(action)) {
        record(caller, action.word(), object, yes.rule().place() + " " + yes.rule().text());
      }
    }
  }

  /** Returns whether {@code caller} may, without refusing anything. */
  boolean lets(Caller caller, Action action, Resource resource) {
    return !guarded
        || caller
            .identity()
            .map(identity -> decide(identity, action, resource).allowed())
            .orElse(false);
  }

  /** Returns if {@code caller} is a person or service of the policy. */
  void requireKnown(Caller caller, String object) {
    if (guarded) {
      Identity identity = proven(caller, KNOWN, object);
      if (subject(identity, inForce()).isEmpty()) {
        throw deny(caller, KNOWN, object, "the policy does not name " + caller.who());
      }
    }
  }

  /** Returns if {@code caller} is {@code machine}. */
  void requireMachine(Caller caller, Identity.Machine machine, String object) {
    if (guarded && proven(caller, KNOWN, object) != machine) {
      throw deny(caller, KNOWN, object, "only a " + machine.principal() + " may");
    }
  }

  /** Records that {@code caller} was let do something that no action of the policy stands for. */
  public void record(Caller caller, String action, String object, String rule) {
    if (guarded && !audit.allowed(event(caller, action, object, AuditEvent.ALLOWED, rule))) {
      throw Problem.of(
              503,
              "not-recorded",
              "Not recorded",
              "This cannot be written to the audit log, so it was not done. Whoever runs the"
                  + " service finds why in its log.")
          .retryAfter(Duration.ofSeconds(30))
          .exception();
    }
  }

  /** Counts and records a refusal, and returns it: 401 without an identity, else 403. */
  ProblemException deny(Caller caller, String action, String object, String why) {
    boolean unproven = caller.identity().isEmpty();
    denied.add(1, action, unproven ? "unproven" : "not-allowed");
    audit.denied(event(caller, action, object, AuditEvent.DENIED, why));
    return unproven
        ? Problem.of(
                401,
                "not-proven",
                "Not proven",
                "This needs proof of who you are that still holds: a client certificate, a token in"
                    + " the header Authorization or, at control, a session.")
            .exception()
        // The same words whether it exists or not: who may not see it must not learn that either.
        : Problem.of(
                403,
                "not-allowed",
                "Not allowed",
                "%s may not do this, or what it is to be done to does not exist. The policy's"
                        .formatted(caller.who())
                    + " owners can say which rule it takes: sagitta security who-can.")
            .exception();
  }

  /**
   * Counts and records that somebody did not get in.
   *
   * @param object what they wanted to be; no name that the policy does not know, since people type
   *     passwords there
   * @param reason a word for the metric
   */
  public void loginFailed(Caller caller, String object, String reason) {
    denied.add(1, KNOWN, reason);
    audit.denied(event(caller, KNOWN, object, AuditEvent.DENIED, reason));
  }

  /** Counts and records a request that is refused before anybody asks what it is for. */
  void turnAway(Caller caller, String object) {
    denied.add(1, KNOWN, "other-site");
    audit.denied(event(caller, KNOWN, object, AuditEvent.DENIED, caller.proof()));
  }

  private Identity proven(Caller caller, String action, String object) {
    return caller.identity().orElseThrow(() -> deny(caller, action, object, caller.proof()));
  }

  private Decision decide(Identity identity, Action action, Resource resource) {
    Policy now = inForce();
    return subject(identity, now)
        .map(subject -> now.may(subject, action, resource))
        .orElseGet(() -> new Decision.Denied("the policy does not name " + identity.principal()));
  }

  /**
   * Groups prove nothing, machines have routes of their own, and pipelines only speak to Pulsar.
   */
  private static Optional<Subject> subject(Identity identity, Policy policy) {
    return identity instanceof Identity.Subject subject
        ? policy.subject(subject.name()).filter(known -> !(known instanceof Subject.Group))
        : Optional.empty();
  }

  private Policy inForce() {
    return policy
        .current()
        .orElseThrow(
            () ->
                Problem.of(
                        503,
                        "not-ready",
                        "Not ready",
                        "The policy has not been read yet, and nothing is allowed without one.")
                    .retryAfter(Duration.ofSeconds(1))
                    .exception());
  }

  private static AuditEvent event(
      Caller caller, String action, String object, String outcome, String rule) {
    return new AuditEvent(
        caller.who(), caller.proof(), caller.from(), action, object, outcome, rule, 1);
  }
}
