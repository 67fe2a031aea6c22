package io.sagitta.service;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Transport;
import io.sagitta.service.access.PolicyInForce;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connectors that speak TLS and nothing else: 1.3 until a policy is read, then what that
 * says. Clients are asked for a certificate, and on the admin port need one.
 */
final class TlsConnectorFactory extends HttpConnectorFactory {
  private static final Logger LOG = LoggerFactory.getLogger(TlsConnectorFactory.class);
  private static final String NEWEST = "TLSv1.3";
  // So long may somebody whose certificate has expired go on with an old session.
  private static final int SESSION_SECONDS = 600;

  private final CredentialFolder credentials;
  private final PolicyInForce policy;
  private final boolean needsCertificate;

  TlsConnectorFactory(
      CredentialFolder credentials, PolicyInForce policy, boolean needsCertificate) {
    this.credentials = credentials;
    this.policy = policy;
    this.needsCertificate = needsCertificate;
  }

  @Override
  public Connector build(
      Server server, MetricRegistry metrics, String name, ThreadPool threadPool) {
    HttpConfiguration http = buildHttpConfiguration();
    http.addCustomizer(new SecureRequestCustomizer());
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(credentials.context());
    tls.setRenegotiationAllowed(false);
    tls.setSslSessionTimeout(SESSION_SECONDS);
    tls.setEndpointIdentificationAlgorithm(null);
    if (needsCertificate) {
      tls.setNeedClientAuth(true);
    } else {
      tls.setWantClientAuth(true);
    }
    tls.setExcludeProtocols();
    tls.setExcludeCipherSuites();
    tls.setIncludeProtocols(NEWEST);
    tls.setIncludeCipherSuites(Transport.Tls.SUITES_OF_1_3.toArray(String[]::new));
    policy.whenSwapped(next -> follow(tls, next));
    HttpConnectionFactory plain = buildHttpConnectionFactory(http);
    return buildConnector(
        server,
        new ScheduledExecutorScheduler(name + "-scheduler", true),
        buildBufferPool(),
        name,
        threadPool,
        new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()),
        plain);
  }

  private static void follow(SslContextFactory.Server tls, Policy policy) {
    Transport.Tls wanted = policy.transport().tls();
    String[] versions = wanted.versions().toArray(String[]::new);
    String[] suites = wanted.allSuites().toArray(String[]::new);
    if (java.util.Arrays.equals(tls.getIncludeProtocols(), versions)
        && java.util.Arrays.equals(tls.getIncludeCipherSuites(), suites)) {
      return;
    }
    try {
      tls.reload(
          f -> {
            f.setIncludeProtocols(versions);
            f.setIncludeCipherSuites(suites);
          });
      LOG.info("TLS follows the policy versions={}", wanted.versions());
    } catch (Exception e) {
      LOG.error("TLS does not follow the policy", e);
    }
  }
}
