package io.sagitta.control.login;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What ties a browser to one login with an identity provider: a random secret in a cookie, and what
 * is derived from it. Control keeps nothing, so logins that are begun and never finished cost
 * nothing.
 */
record OidcSecrets(String seed) {
  private static final int SEED_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Returns new ones. */
  static OidcSecrets random() {
    byte[] seed = new byte[SEED_BYTES];
    RANDOM.nextBytes(seed);
    return new OidcSecrets(text(seed));
  }

  /** Returns what the provider gives back, so that nobody is led into somebody else's login. */
  String state() {
    return derived("state");
  }

  /** Returns what the provider puts into the token, so that a token of another login is refused. */
  String nonce() {
    return derived("nonce");
  }

  /** Returns what proves to the provider that the code comes from who asked for it. */
  String verifier() {
    return derived("verifier");
  }

  /** Returns the verifier's hash. */
  String challenge() {
    try {
      return text(MessageDigest.getInstance("SHA-256").digest(verifier().getBytes(US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Says nothing of what it holds. */
  @Override
  public String toString() {
    return "a login's secrets";
  }

  private String derived(String what) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(seed.getBytes(US_ASCII), "HmacSHA256"));
      return text(mac.doFinal(what.getBytes(US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has HmacSHA256", e);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
