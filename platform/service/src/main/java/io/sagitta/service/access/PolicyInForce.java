package io.sagitta.service.access;

import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenVerifier;
import io.sagitta.policy.Policy;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The policy that decides now, as a whole, and the keys that verify tokens; none until they have
 * been read. Thread-safe: whoever asks takes one policy and keeps to it for the question.
 */
public final class PolicyInForce {
  private final List<Consumer<Policy>> listeners = new CopyOnWriteArrayList<>();
  private volatile Optional<Policy> policy = Optional.empty();
  private volatile Optional<TokenVerifier> tokens = Optional.empty();

  /** Creates one that holds none. */
  public PolicyInForce() {}

  /**
   * Makes {@code next} the one that decides from now on.
   *
   * @param keys the JSON Web Key Set that verifies tokens
   */
  public synchronized void swap(Policy next, String keys) {
    policy = Optional.of(next);
    tokens =
        Optional.of(
            new TokenVerifier(
                next.transport().tokens().algorithm(),
                TokenIssuer.PLATFORM,
                TokenIssuer.DOORS,
                () -> keys,
                Clock.systemUTC()));
    listeners.forEach(listener -> listener.accept(next));
  }

  /** Calls {@code listener} with the policy that there is, and with each that comes. */
  public synchronized void whenSwapped(Consumer<Policy> listener) {
    listeners.add(listener);
    policy.ifPresent(listener);
  }

  /** Returns the one that decides now. */
  public Optional<Policy> current() {
    return policy;
  }

  /** Returns what verifies tokens now. */
  Optional<TokenVerifier> tokens() {
    return tokens;
  }
}
