package io.sagitta.pulsar;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Header;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.Locator;
import io.jsonwebtoken.ProtectedHeader;
import io.jsonwebtoken.UnsupportedJwtException;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.SignatureAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Key;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.Map;

/**
 * What makes a token true: one algorithm and nothing else, whatever the token says of itself, under
 * a key of a JWK set that is read again when its file changes.
 */
final class TokenJudge implements Locator<Key> {
  private final Path file;
  private final JwtParser parser;
  private volatile KeySet keys;

  /**
   * The keys as last read.
   *
   * @param written when the file was written
   * @param byId public keys by {@code kid}
   */
  private record KeySet(FileTime written, Map<String, PublicKey> byId) {}

  private TokenJudge(
      Path file, KeySet keys, SignatureAlgorithm algorithm, String issuer, String audience) {
    this.file = file;
    this.keys = keys;
    this.parser =
        Jwts.parser()
            .keyLocator(this)
            .sig()
            .clear()
            .add(algorithm)
            .and()
            .zip()
            .clear()
            .and()
            .requireIssuer(issuer)
            .requireAudience(audience)
            .build();
  }

  /** Reads the keys; fails if there are none to read. */
  static TokenJudge open(Path file, String algorithm, String issuer, String audience)
      throws IOException {
    if (!(Jwts.SIG.get().forKey(algorithm) instanceof SignatureAlgorithm asymmetric)) {
      throw new IllegalArgumentException(
          algorithm + " has no public key; take ES256 or another that has one");
    }
    return new TokenJudge(file, read(file), asymmetric, issuer, audience);
  }

  /** Returns what a true token says; throws if it is not one. */
  Claims claims(String token) {
    Claims claims = parser.parseSignedClaims(token).getPayload();
    if (claims.getExpiration() == null || claims.getSubject() == null) {
      throw new UnsupportedJwtException("A token needs exp and sub");
    }
    return claims;
  }

  @Override
  public Key locate(Header header) {
    if (!(header instanceof ProtectedHeader signed) || signed.getKeyId() == null) {
      throw new UnsupportedJwtException("A token needs kid");
    }
    PublicKey key = current().byId().get(signed.getKeyId());
    if (key == null) {
      throw new UnsupportedJwtException("Unknown kid");
    }
    return key;
  }

  /** A file that cannot be read leaves the keys as they are: nobody is let in by that. */
  private KeySet current() {
    KeySet last = keys;
    try {
      if (!Files.getLastModifiedTime(file).equals(last.written())) {
        keys = read(file);
      }
    } catch (IOException | JwtException e) {
      System.err.println("Token keys stay as they were; " + file + " cannot be read: " + e);
    }
    return keys;
  }

  private static KeySet read(Path file) throws IOException {
    FileTime written = Files.getLastModifiedTime(file);
    Map<String, PublicKey> byId = new HashMap<>();
    for (Jwk<?> key : Jwks.setParser().build().parse(Files.readString(file))) {
      // A key of another kind is nobody's mistake: it is for somebody else.
      if (key.toKey() instanceof PublicKey verifying && key.getId() != null) {
        byId.put(key.getId(), verifying);
      }
    }
    return new KeySet(written, Map.copyOf(byId));
  }
}
