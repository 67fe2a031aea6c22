package io.sagitta.service.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.identity.Identity;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Subject;
import io.sagitta.policy.Transport;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions of people who logged in: who, since when and until when. A session's id is known to
 * its browser alone; here is only its SHA-256. They are kept in memory, so a restart ends them all.
 * Each is over at what the policy in force calls {@code lifetime} and {@code idle}, or as soon as
 * the policy no longer names the person. Thread-safe.
 */
public final class Sessions {
  private static final int ID_BYTES = 32;

  /** A person needs a few browsers; past this the one that was used least recently ends. */
  private static final int MOST_PER_PERSON = 10;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final PolicyInForce policy;
  private final Clock clock;
  private final Map<String, Session> byHash = new LinkedHashMap<>();
  private volatile boolean kept;

  /** Creates none. */
  public Sessions(PolicyInForce policy, Clock clock) {
    this.policy = policy;
    this.clock = clock;
  }

  /**
   * One session.
   *
   * @param person whose it is
   * @param how it was proven who they are
   * @param from the address that they logged in from
   */
  public record Session(
      Identity.Subject person, String how, String from, Instant began, Instant used) {}

  /**
   * A session that just began.
   *
   * @param id what its browser shows from now on; nobody else learns it
   */
  public record Begun(String id, Session session) {}

  /**
   * Lets people have sessions in this role; until then a cookie proves nothing and harms nothing.
   */
  public void keep() {
    kept = true;
    policy.whenSwapped(this::endStrangers);
  }

  /** Returns whether people can have sessions here. */
  boolean isKept() {
    return kept;
  }

  /** Begins a session under an id that was never used before. */
  public synchronized Begun begin(Identity.Subject person, String how, String from) {
    byte[] random = new byte[ID_BYTES];
    RANDOM.nextBytes(random);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Instant now = clock.instant();
    Session session = new Session(person, how, from, now, now);
    endOverdue(now);
    while (of(person.name()).size() >= MOST_PER_PERSON) {
      byHash.entrySet().stream()
          .filter(e -> e.getValue().person().equals(person))
          .min(Comparator.comparing(e -> e.getValue().used()))
          .map(Map.Entry::getKey)
          .ifPresent(byHash::remove);
    }
    byHash.put(hash(id), session);
    return new Begun(id, session);
  }

  /** Returns the session with {@code id} if it is not over, which counts as its use. */
  synchronized Optional<Session> use(String id) {
    Instant now = clock.instant();
    endOverdue(now);
    return Optional.ofNullable(
        byHash.computeIfPresent(
            hash(id), (h, s) -> new Session(s.person(), s.how(), s.from(), s.began(), now)));
  }

  /** Ends the session with {@code id}; returns whether there was one. */
  public synchronized boolean end(String id) {
    return byHash.remove(hash(id)) != null;
  }

  /** Ends all sessions of {@code person}, and returns how many there were. */
  public synchronized int endAll(String person) {
    int before = byHash.size();
    byHash.values().removeIf(s -> s.person().name().equals(person));
    return before - byHash.size();
  }

  /** Returns the sessions of {@code person}, the oldest first. */
  public synchronized List<Session> of(String person) {
    endOverdue(clock.instant());
    return byHash.values().stream().filter(s -> s.person().name().equals(person)).toList();
  }

  /** Returns how many there are. */
  public synchronized int count() {
    endOverdue(clock.instant());
    return byHash.size();
  }

  /** Returns when {@code session} ends at the latest. */
  public Instant end(Session session) {
    return session.began().plus(limits().map(Transport.Sessions::lifetime).orElse(Duration.ZERO));
  }

  private Optional<Transport.Sessions> limits() {
    return policy.current().map(p -> p.transport().sessions());
  }

  private void endOverdue(Instant now) {
    limits()
        .ifPresent(
            limits ->
                byHash
                    .values()
                    .removeIf(
                        s ->
                            !now.isBefore(s.began().plus(limits.lifetime()))
                                || !now.isBefore(s.used().plus(limits.idle()))));
  }

  /** Ends them for good: who is taken out of the policy and put in again logs in again. */
  private synchronized void endStrangers(Policy next) {
    byHash
        .values()
        .removeIf(
            s ->
                next.subject(s.person().name())
                    .filter(known -> known instanceof Subject.Person)
                    .isEmpty());
  }

  private static String hash(String id) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
