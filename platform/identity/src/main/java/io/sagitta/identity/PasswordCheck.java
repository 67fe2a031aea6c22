package io.sagitta.identity;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Checks passwords. Each check hashes once, whether the name has a password or not, so that how
 * long it takes tells nothing of who is there; and only so many hash at once that their memory is
 * bounded. Thread-safe.
 */
public final class PasswordCheck {
  /** How many hash at once. */
  public static final int AT_ONCE = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Logins logins;
  private final PasswordHash nobodys = PasswordHash.of("nobody has this password".toCharArray());
  private final Semaphore places;
  private final Duration patience;
  private final AtomicLong hashed = new AtomicLong();

  /** Creates one of the passwords in {@code logins}. */
  public PasswordCheck(Logins logins) {
    this(logins, AT_ONCE, PATIENCE);
  }

  PasswordCheck(Logins logins, int atOnce, Duration patience) {
    this.logins = logins;
    this.places = new Semaphore(atOnce, true);
    this.patience = patience;
  }

  /** What a check finds. */
  public enum Outcome {
    /** The name has this password. */
    RIGHT,
    /** It has another, or none. */
    WRONG,
    /** Too many are being checked, so this one was not. */
    BUSY
  }

  /** Returns whether {@code name} has {@code password}. */
  public Outcome check(String name, char[] password) {
    Optional<PasswordHash> own = logins.of(name);
    try {
      if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return Outcome.BUSY;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.BUSY;
    }
    try {
      hashed.incrementAndGet();
      boolean matches = own.orElse(nobodys).matches(password);
      return matches && own.isPresent() ? Outcome.RIGHT : Outcome.WRONG;
    } finally {
      places.release();
    }
  }

  /** Returns how many hashes were made. */
  public long hashed() {
    return hashed.get();
  }
}
