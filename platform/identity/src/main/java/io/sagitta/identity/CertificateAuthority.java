package io.sagitta.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * Issues the certificates of a platform: its key and its own certificate are {@code ca-key.pem} and
 * {@code ca.pem} of one folder. Keys are on the curve P-256. What it issues proves an {@link
 * Identity} as a client, and the hosts it names as a server.
 */
public final class CertificateAuthority {
  private static final String KEY = "ca-key.pem";

  /** For clocks that differ. */
  private static final Duration BEFORE = Duration.ofMinutes(5);

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final Clock clock;

  private CertificateAuthority(X509Certificate certificate, PrivateKey key, Clock clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /**
   * Opens the authority in {@code folder}, and makes one if there is none.
   *
   * @param name what its certificate calls it
   * @param lifetime of its own certificate, if it is made
   */
  public static CertificateAuthority in(Path folder, String name, Duration lifetime, Clock clock) {
    try {
      if (!Files.exists(folder.resolve(KEY))) {
        create(folder, name, lifetime, clock);
      }
      PrivateFiles.checkPrivate(folder.resolve(KEY));
      return new CertificateAuthority(
          Pem.readCertificates(Files.readString(folder.resolve(CredentialFolder.TRUST))).get(0),
          Pem.readKey(Files.readString(folder.resolve(KEY))),
          clock);
    } catch (GeneralSecurityException | IOException e) {
      throw new IdentityException("No certificate authority in " + folder + ": " + e, e);
    }
  }

  private static void create(Path folder, String name, Duration lifetime, Clock clock)
      throws IOException, GeneralSecurityException {
    PrivateFiles.createFolder(folder);
    KeyPair pair = newPair();
    X500Name itself = new X500Name("CN=" + name);
    Instant now = clock.instant();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            itself,
            serial(),
            Date.from(now.minus(BEFORE)),
            Date.from(now.plus(lifetime)),
            itself,
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    X509Certificate certificate = sign(builder, pair.getPrivate());
    // The key comes last: an authority is there once its key is.
    PrivateFiles.writePublic(
        folder.resolve(CredentialFolder.TRUST), Pem.certificates(List.of(certificate)));
    PrivateFiles.write(folder.resolve(KEY), Pem.key(pair.getPrivate()));
  }

  /**
   * Issues a certificate with a new key into {@code folder}, as {@link CredentialFolder} reads it,
   * in place of what is there. Certificates of other authorities that the folder trusts stay
   * trusted, so that a change of authority overlaps.
   *
   * @param hosts names and IP addresses under which a server may be reached with it
   * @param lifetime from now; not beyond the authority's own
   */
  public void issue(Identity identity, List<String> hosts, Duration lifetime, Path folder) {
    try {
      KeyPair pair = newPair();
      X509Certificate issued = certificate(identity, hosts, lifetime, pair.getPublic());
      PrivateFiles.createFolder(folder);
      PrivateFiles.writePublic(folder.resolve(CredentialFolder.TRUST), trust(folder));
      PrivateFiles.write(folder.resolve(CredentialFolder.KEY), Pem.key(pair.getPrivate()));
      PrivateFiles.writePublic(
          folder.resolve(CredentialFolder.CERTIFICATE), Pem.certificates(List.of(issued)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IdentityException("No certificate can be put into " + folder + ": " + e, e);
    }
  }

  private String trust(Path folder) throws IOException, GeneralSecurityException {
    Path file = folder.resolve(CredentialFolder.TRUST);
    List<X509Certificate> trusted = new ArrayList<>();
    trusted.add(certificate);
    if (Files.exists(file)) {
      Pem.readCertificates(Files.readString(file)).stream()
          .filter(other -> !other.equals(certificate))
          .filter(other -> other.getNotAfter().toInstant().isAfter(clock.instant()))
          .forEach(trusted::add);
    }
    return Pem.certificates(trusted);
  }

  private X509Certificate certificate(
      Identity identity, List<String> hosts, Duration lifetime, PublicKey publicKey)
      throws GeneralSecurityException, CertIOException {
    Instant now = clock.instant();
    Instant end = now.plus(lifetime);
    if (end.isAfter(certificate.getNotAfter().toInstant())) {
      end = certificate.getNotAfter().toInstant();
    }
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate,
            serial(),
            Date.from(now.minus(BEFORE)),
            Date.from(end),
            new javax.security.auth.x500.X500Principal("CN=" + identity.principal()),
            publicKey);
    JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.authorityKeyIdentifier, false, utils.createAuthorityKeyIdentifier(certificate));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        hosts.isEmpty()
            ? new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth)
            : new ExtendedKeyUsage(
                new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth}));
    if (!hosts.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              hosts.stream().map(CertificateAuthority::hostName).toArray(GeneralName[]::new)));
    }
    return sign(builder, key);
  }

  private static GeneralName hostName(String host) {
    return new GeneralName(
        IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("The certificate cannot be signed", e);
    }
  }

  private static KeyPair newPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static BigInteger serial() {
    return new BigInteger(127, new SecureRandom()).setBit(126);
  }
}
