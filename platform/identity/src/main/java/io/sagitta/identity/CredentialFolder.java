package io.sagitta.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * A folder with what proves an identity and whom it trusts: {@code cert.pem} (its certificate, then
 * those between it and the authority), {@code key.pem} (its private key, not encrypted, readable by
 * its owner alone) and {@code ca.pem} (the authorities it trusts; two while one takes over from the
 * other). When the files change, whoever uses {@link #context} goes on with the new ones at the
 * next connection, without a restart; files that do not fit together are left until they do.
 */
public final class CredentialFolder {
  /** The certificate and its chain. */
  public static final String CERTIFICATE = "cert.pem";

  /** The private key. */
  public static final String KEY = "key.pem";

  /** Certificates of the authorities that are trusted. */
  public static final String TRUST = "ca.pem";

  private static final char[] NO_PASSWORD = new char[0];
  private static final List<String> FILES = List.of(CERTIFICATE, KEY, TRUST);

  private final Path folder;
  private volatile Loaded loaded;

  private record Loaded(
      List<Object> stamp,
      X509Certificate certificate,
      X509ExtendedKeyManager keys,
      X509ExtendedTrustManager trust) {}

  private CredentialFolder(Path folder) {
    this.folder = folder;
    this.loaded = load();
  }

  /**
   * Opens {@code folder}.
   *
   * @throws IdentityException if a file is missing, cannot be used, or lets others read the key
   */
  public static CredentialFolder open(Path folder) {
    return new CredentialFolder(folder);
  }

  /** Returns the file of the certificate and its chain. */
  public Path certificateFile() {
    return folder.resolve(CERTIFICATE);
  }

  /** Returns the file of the private key. */
  public Path keyFile() {
    return folder.resolve(KEY);
  }

  /** Returns the file of the authorities that are trusted. */
  public Path trustFile() {
    return folder.resolve(TRUST);
  }

  /** Returns whose certificate it is; empty if it names no identity of the platform. */
  public Optional<Identity> identity() {
    return ofCertificate(current().certificate());
  }

  /** Returns whom a certificate names, which has been verified; empty if that is no identity. */
  public static Optional<Identity> ofCertificate(X509Certificate certificate) {
    RDN[] names =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
            .getRDNs(BCStyle.CN);
    return names.length == 1 && !names[0].isMultiValued()
        ? Identity.of(IETFUtils.valueToString(names[0].getFirst().getValue()))
        : Optional.empty();
  }

  /** Returns when the certificate expires. */
  public Instant expires() {
    return current().certificate().getNotAfter().toInstant();
  }

  /**
   * Returns a TLS context that shows this certificate when asked, and trusts these authorities; for
   * clients and servers alike. Clients check the host's name with it if they ask for that (as
   * {@code java.net.http} does). It follows the files.
   */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {new FollowingKeys(() -> current().keys())},
          new TrustManager[] {new FollowingTrust(() -> current().trust())},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IdentityException("This Java cannot speak TLS", e);
    }
  }

  private Loaded current() {
    Loaded now = loaded;
    try {
      if (!stamp().equals(now.stamp())) {
        now = load();
        loaded = now;
      }
    } catch (IOException | IdentityException e) {
      // Half of a change: what was loaded stays in force until the files fit together.
      return now;
    }
    return now;
  }

  private List<Object> stamp() throws IOException {
    List<Object> stamp = new ArrayList<>();
    for (String file : FILES) {
      var attributes = Files.readAttributes(folder.resolve(file), BasicFileAttributes.class);
      stamp.add(attributes.lastModifiedTime());
      stamp.add(attributes.size());
      stamp.add(String.valueOf(attributes.fileKey()));
    }
    return List.copyOf(stamp);
  }

  private Loaded load() {
    try {
      List<Object> stamp = stamp();
      PrivateFiles.checkPrivate(keyFile());
      List<X509Certificate> chain = Pem.readCertificates(Files.readString(certificateFile()));
      PrivateKey key = Pem.readKey(Files.readString(keyFile()));
      checkPair(chain.get(0), key);
      return new Loaded(
          stamp,
          chain.get(0),
          keys(chain, key),
          Authorities.trust(Pem.readCertificates(Files.readString(trustFile()))));
    } catch (NoSuchFileException e) {
      throw new IdentityException(
          "There is no "
              + e.getMessage()
              + "; a folder of credentials holds "
              + String.join(", ", FILES)
              + ".",
          e);
    } catch (GeneralSecurityException | IOException e) {
      throw new IdentityException("The credentials in " + folder + " cannot be used: " + e, e);
    }
  }

  private static void checkPair(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    byte[] text = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(text);
    byte[] signature = signer.sign();
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(certificate.getPublicKey());
    verifier.update(text);
    if (!verifier.verify(signature)) {
      throw new GeneralSecurityException("The key is not that of the certificate");
    }
  }

  private static X509ExtendedKeyManager keys(List<X509Certificate> chain, PrivateKey key)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
  }
}
