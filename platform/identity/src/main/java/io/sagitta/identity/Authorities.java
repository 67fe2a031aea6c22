package io.sagitta.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trust in authorities, which are certificates in PEM. */
public final class Authorities {
  private static final char[] NO_PASSWORD = new char[0];

  private Authorities() {}

  /**
   * Returns a TLS context for clients that trusts the authorities in {@code file}, no others, and
   * proves nothing about who uses it.
   *
   * @throws IdentityException if the file cannot be read, or holds no certificates
   */
  public static SSLContext trusted(Path file) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null, new TrustManager[] {trust(Pem.readCertificates(Files.readString(file)))}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IdentityException("The authorities in " + file + " cannot be used: " + e, e);
    }
  }

  static X509ExtendedTrustManager trust(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("ca" + i, authorities.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }
}
