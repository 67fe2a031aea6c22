package io.sagitta.pulsar;

import io.sagitta.identity.CredentialFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a local Pulsar is locked: TLS on both of its ports and nothing beside them, machines by their
 * certificates, pipelines and subjects by tokens, and nobody may do what was not granted.
 *
 * <p>The bookie gets no port at all: it is reached inside the process. Its protocol has no
 * authorization, so whoever could open a connection to it could read every topic.
 *
 * @param identity the broker's {@link CredentialFolder}, whose identity must be a superuser; looked
 *     at again every minute
 * @param tokenKeys a JWK set with the public keys that tokens are signed by; looked at again when
 *     it changes, so that keys can overlap
 * @param tokenAlgorithm how they sign, such as {@code ES256}
 * @param tokenIssuer what {@code iss} of a token must be
 * @param tokenAudience what {@code aud} of a token must be
 * @param superUsers the roles that may do everything
 * @param protocols versions of TLS
 * @param suites cipher suites of all of them, by their names in the IANA registry; empty for those
 *     that the TLS library prefers
 */
public record LocalPulsarSecurity(
    Path identity,
    Path tokenKeys,
    String tokenAlgorithm,
    String tokenIssuer,
    String tokenAudience,
    Set<String> superUsers,
    List<String> protocols,
    List<String> suites) {

  static final String TOKEN_KEYS = "sagittaTokenKeys";
  static final String TOKEN_ALGORITHM = "sagittaTokenAlgorithm";
  static final String TOKEN_ISSUER = "sagittaTokenIssuer";
  static final String TOKEN_AUDIENCE = "sagittaTokenAudience";

  private static final String TLS_PROVIDER =
      "org.apache.pulsar.broker.authentication.AuthenticationProviderTls";
  // By name: the class can be loaded in the server only.
  private static final String TOKEN_PROVIDER = "io.sagitta.pulsar.PlatformTokens";

  private static final String TLS_PLUGIN = "org.apache.pulsar.client.impl.auth.AuthenticationTls";

  public LocalPulsarSecurity {
    identity = identity.toAbsolutePath().normalize();
    tokenKeys = tokenKeys.toAbsolutePath().normalize();
    superUsers = Set.copyOf(superUsers);
    protocols = List.copyOf(protocols);
    suites = List.copyOf(suites);
    if (superUsers.isEmpty()) {
      throw new IllegalArgumentException("superUsers is empty; the broker itself must be one");
    }
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("protocols is empty; name one, such as TLSv1.3");
    }
  }

  private Path certificate() {
    return identity.resolve(CredentialFolder.CERTIFICATE);
  }

  private Path key() {
    return identity.resolve(CredentialFolder.KEY);
  }

  private Path trusted() {
    return identity.resolve(CredentialFolder.TRUST);
  }

  /** The keys of {@code standalone.conf} that say all this. */
  Map<String, String> settings(int brokerPort, int httpPort) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("brokerServicePort", "");
    settings.put("webServicePort", "");
    settings.put("brokerServicePortTls", Integer.toString(brokerPort));
    settings.put("webServicePortTls", Integer.toString(httpPort));
    settings.put("tlsCertificateFilePath", certificate().toString());
    settings.put("tlsKeyFilePath", key().toString());
    settings.put("tlsTrustCertsFilePath", trusted().toString());
    settings.put("tlsProtocols", String.join(",", protocols));
    settings.put("webServiceTlsProtocols", String.join(",", protocols));
    settings.put("tlsCiphers", String.join(",", suites));
    settings.put("webServiceTlsCiphers", String.join(",", suites));
    settings.put("superUserRoles", String.join(",", new TreeSet<>(superUsers)));
    settings.put("authenticationProviders", TLS_PROVIDER + "," + TOKEN_PROVIDER);
    settings.put(TOKEN_KEYS, tokenKeys.toString());
    settings.put(TOKEN_ALGORITHM, tokenAlgorithm);
    settings.put(TOKEN_ISSUER, tokenIssuer);
    settings.put(TOKEN_AUDIENCE, tokenAudience);
    settings.put("brokerClientTrustCertsFilePath", trusted().toString());
    settings.put("brokerClientAuthenticationPlugin", TLS_PLUGIN);
    settings.put(
        "brokerClientAuthenticationParameters",
        "{\"tlsCertFile\":\"%s\",\"tlsKeyFile\":\"%s\"}".formatted(certificate(), key()));
    settings.putAll(FIXED);
    return settings;
  }

  private static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("tlsCertRefreshCheckDurationSec", "60"),
          // Of the broker's own client; the others see to it themselves.
          Map.entry("tlsHostnameVerificationEnabled", "true"),
          Map.entry("brokerClientTlsEnabled", "true"),
          Map.entry("authenticationEnabled", "true"),
          Map.entry("authorizationEnabled", "true"),
          Map.entry("authenticateMetricsEndpoint", "true"),
          // How soon an expired token is asked to be replaced.
          Map.entry("authenticationRefreshCheckSeconds", "30"),
          Map.entry("enableLocalTransport", "true"),
          // Within a process, version 2 cannot answer with an entry of more than 16 KiB.
          Map.entry("bookkeeperUseV2WireProtocol", "false"),
          Map.entry("disableServerSocketBind", "true"));
}
