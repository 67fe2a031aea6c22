package io.sagitta.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * The keys that tokens are signed with: a set of private JSON Web Keys in one file, readable by its
 * owner alone. The newest signs. {@link #rotate} adds a new one; an older one is still published,
 * and so still verifies, until the overlap after that has passed.
 */
public final class TokenKeys {
  private static final int RSA_BITS = 3072;

  private final Path file;
  private final Optional<Path> published;
  private final JWSAlgorithm algorithm;
  private final Clock clock;
  private volatile List<JWK> keys;

  private TokenKeys(
      Path file, Optional<Path> published, JWSAlgorithm algorithm, Clock clock, List<JWK> keys) {
    this.file = file;
    this.published = published;
    this.algorithm = algorithm;
    this.clock = clock;
    this.keys = keys;
  }

  /**
   * Opens the keys in {@code file}, and makes a first one if there is no such file.
   *
   * @param algorithm such as {@code ES256}: one of ES256, ES384, RS256
   */
  public static TokenKeys in(Path file, String algorithm, Clock clock) {
    return in(file, Optional.empty(), algorithm, clock);
  }

  /**
   * Opens the keys in {@code file}, and makes a first one if there is no such file.
   *
   * @param published a file that is kept the same as {@link #published()}, for who verifies and
   *     cannot be told otherwise; a new key is there before it signs
   * @param algorithm such as {@code ES256}: one of ES256, ES384, RS256
   */
  public static TokenKeys in(Path file, Optional<Path> published, String algorithm, Clock clock) {
    try {
      boolean made = !Files.exists(file);
      if (!made) {
        PrivateFiles.checkPrivate(file);
      }
      TokenKeys keys =
          new TokenKeys(
              file,
              published,
              JWSAlgorithm.parse(algorithm),
              clock,
              made ? List.of() : JWKSet.load(file.toFile()).getKeys());
      if (made) {
        keys.rotate(Duration.ZERO);
      } else {
        keys.publish(keys.keys);
      }
      return keys;
    } catch (IOException | ParseException e) {
      throw new IdentityException("The keys for tokens in " + file + " cannot be read: " + e, e);
    }
  }

  /**
   * Makes a new key, which signs from now on.
   *
   * @param overlap for how long the keys before it still verify; longer than any token lives
   */
  public synchronized void rotate(Duration overlap) {
    Instant now = clock.instant();
    try {
      List<JWK> next = new ArrayList<>();
      next.add(generate(now));
      for (JWK old : keys) {
        JWK ending = old.getExpirationTime() == null ? ending(old, now.plus(overlap)) : old;
        if (ending.getExpirationTime().toInstant().isAfter(now)) {
          next.add(ending);
        }
      }
      PrivateFiles.write(file, new JWKSet(next).toString(false));
      publish(next);
      keys = List.copyOf(next);
    } catch (JOSEException | IOException | ParseException e) {
      throw new IdentityException("No new key for tokens can be put into " + file + ": " + e, e);
    }
  }

  private JWK generate(Instant now) throws JOSEException {
    Date issued = Date.from(now);
    if (algorithm.equals(JWSAlgorithm.RS256)) {
      return new RSAKeyGenerator(RSA_BITS)
          .algorithm(algorithm)
          .keyUse(KeyUse.SIGNATURE)
          .keyIDFromThumbprint(true)
          .issueTime(issued)
          .generate();
    }
    return new ECKeyGenerator(Curve.forJWSAlgorithm(algorithm).iterator().next())
        .algorithm(algorithm)
        .keyUse(KeyUse.SIGNATURE)
        .keyIDFromThumbprint(true)
        .issueTime(issued)
        .generate();
  }

  private static JWK ending(JWK key, Instant end) throws ParseException {
    var members = key.toJSONObject();
    members.put("exp", end.getEpochSecond());
    return JWK.parse(members);
  }

  JWSAlgorithm algorithm() {
    return algorithm;
  }

  JWK signing() {
    return keys.stream()
        .max(Comparator.comparing(JWK::getIssueTime))
        .orElseThrow(() -> new IdentityException("There is no key for tokens in " + file));
  }

  /** Returns the public halves of the keys that verify now: a JSON Web Key Set. */
  public String published() {
    return published(keys);
  }

  private void publish(List<JWK> which) throws IOException {
    if (published.isPresent()) {
      PrivateFiles.writePublic(published.get(), published(which));
    }
  }

  private String published(List<JWK> which) {
    Instant now = clock.instant();
    return new JWKSet(
            which.stream()
                .filter(
                    key ->
                        key.getExpirationTime() == null
                            || key.getExpirationTime().toInstant().isAfter(now))
                .toList())
        .toString(true);
  }
}
