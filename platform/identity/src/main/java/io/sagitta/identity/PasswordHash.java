package io.sagitta.identity;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password's Argon2id hash (RFC 9106), written as {@code
 * $argon2id$v=19$m=47104,t=1,p=1$salt$hash} like everybody does. The cost of new ones is the first
 * that OWASP's cheat sheet on storing passwords names: 46 MiB, one pass.
 */
public final class PasswordHash {
  /** The memory that one hash takes while it is made or compared. */
  public static final int MEMORY_KIB = 47_104;

  private static final int PASSES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  // One cost for all: a hash that takes longer than another tells whose it is.
  private static final Pattern TEXT =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=%d,t=%d,p=1\\$([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})"
              .formatted(MEMORY_KIB, PASSES));
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(byte[] salt, byte[] hash) {
    this.salt = salt;
    this.hash = hash;
  }

  /** Returns a hash of {@code password} with a salt of its own. */
  public static PasswordHash of(char[] password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return new PasswordHash(salt, argon2id(password, salt));
  }

  /**
   * Returns the hash that {@link #text} wrote.
   *
   * @throws IdentityException if it is none, or one of another cost
   */
  public static PasswordHash parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IdentityException(
          "This is no Argon2id hash of m=%d,t=%d,p=1".formatted(MEMORY_KIB, PASSES));
    }
    Base64.Decoder base64 = Base64.getDecoder();
    return new PasswordHash(base64.decode(matcher.group(1)), base64.decode(matcher.group(2)));
  }

  /** Returns whether it is that of {@code password}; takes as long for every password. */
  public boolean matches(char[] password) {
    return MessageDigest.isEqual(hash, argon2id(password, salt));
  }

  /** Returns what {@link #parse} reads. */
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
        .formatted(MEMORY_KIB, PASSES, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  /** Says nothing of what it holds. */
  @Override
  public String toString() {
    return "a password's hash";
  }

  private static byte[] argon2id(char[] password, byte[] salt) {
    // The same letters may be typed as other code points on another keyboard.
    String normal = Normalizer.normalize(CharBuffer.wrap(password), Normalizer.Form.NFC);
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(normal);
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(MEMORY_KIB)
            .withIterations(PASSES)
            .withParallelism(1)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[HASH_BYTES];
    generator.generateBytes(bytes, hash);
    Arrays.fill(bytes, (byte) 0);
    return hash;
  }
}
