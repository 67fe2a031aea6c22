package io.sagitta.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenKeys;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.pulsar.LocalPulsarSecurity;
import io.sagitta.transport.ConnectionThreads;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarAccess;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.PulsarGrant;
import io.sagitta.transport.PulsarGrants;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's connections to a locked Pulsar, under tokens of a real issuer. */
class TokenConnectionsIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration DAY = Duration.ofDays(1);
  private static final long MEMORY_BYTES = 16 << 20;
  private static final PipelineId ONE = new PipelineId("t", "one");
  private static final PipelineId TWO = new PipelineId("t", "two");

  private final Path dir;
  private final TokenIssuer issuer;
  private final Path published;

  TokenConnectionsIT(@TempDir Path dir) throws IOException {
    this.dir = dir;
    TokenKeys keys = TokenKeys.in(dir.resolve("keys.json"), "ES256", CLOCK);
    this.issuer = new TokenIssuer(keys, "sagitta", CLOCK);
    this.published = Files.writeString(dir.resolve("published.json"), keys.published());
    CertificateAuthority authority =
        CertificateAuthority.in(dir.resolve("ca"), "Sagitta test", DAY, CLOCK);
    authority.issue(
        Identity.Machine.BROKER, List.of("127.0.0.1", "localhost"), DAY, dir.resolve("broker"));
    authority.issue(Identity.Machine.CONTROL, List.of(), DAY, dir.resolve("control"));
  }

  @Test
  void of_eachPipeline_reachesThatPipelineAlone() {
    AtomicBoolean away = new AtomicBoolean(true);
    try (LocalPulsar server = LocalPulsar.start(options());
        Provisioner control =
            Provisioner.open(
                server.adminUrl().toString(),
                PulsarAccess.to(
                    server.adminUrl().toString(), Optional.of(dir.resolve("control"))));
        ConnectionThreads threads = new ConnectionThreads();
        PipelineConnections connections =
            new TokenConnections(
                server.brokerUrl(),
                dir.resolve("broker").resolve(CredentialFolder.TRUST),
                MEMORY_BYTES,
                pipeline -> fetch(pipeline, away),
                CLOCK,
                threads)) {
      provide(control, ONE);
      provide(control, TWO);

      // The first fetch fails and is tried again in the background: nobody has to ask twice.
      PulsarConnection one = connections.of(ONE);
      away.set(false);
      send(one, ONE);
      PulsarConnection two = connections.of(TWO);
      send(two, TWO);
      assertThat(connections.of(ONE)).isSameAs(one);
      assertThatThrownBy(() -> send(one, TWO)).isInstanceOf(TransportException.class);
      assertThatThrownBy(() -> send(two, ONE)).isInstanceOf(TransportException.class);

      connections.release(ONE);
      send(two, TWO);
      send(connections.of(ONE), ONE);
    }
  }

  private LocalPulsarOptions options() {
    return LocalPulsarOptions.in(dir.resolve("data"))
        .withSecurity(
            new LocalPulsarSecurity(
                dir.resolve("broker"),
                published,
                "ES256",
                "sagitta",
                "pulsar",
                Set.of("broker", "control"),
                List.of("TLSv1.3"),
                List.of()));
  }

  private TokenSource.Token fetch(PipelineId pipeline, AtomicBoolean away) throws IOException {
    if (away.get()) {
      throw new IOException("control is away");
    }
    TokenIssuer.Token token =
        issuer.issue(
            new Identity.Pipeline(pipeline.tenant(), pipeline.name()),
            "pulsar",
            Duration.ofMinutes(15));
    return new TokenSource.Token(token.text(), token.expires());
  }

  private static void provide(Provisioner control, PipelineId pipeline) {
    control.ensurePipeline(pipeline, Duration.ofHours(1));
    control.ensureTopic(Topics.quarantine(pipeline), 1);
    new PulsarGrants(control)
        .set(
            PulsarGrant.of(
                pipeline.namespace(),
                new Identity.Pipeline(pipeline.tenant(), pipeline.name()).principal(),
                PulsarGrant.Right.PRODUCE,
                PulsarGrant.Right.CONSUME));
  }

  private static void send(PulsarConnection as, PipelineId pipeline) {
    try (PartitionProducer producer =
        PartitionProducer.open(
            as,
            Topics.partition(Topics.quarantine(pipeline), 0),
            Optional.empty(),
            PartitionProducer.Access.SHARED)) {
      producer
          .send(
              Header.of(Header.Kind.ROWS, "test", "rows", 0, Optional.empty()),
              ByteBuffer.wrap(new byte[] {1}))
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
    }
  }
}
