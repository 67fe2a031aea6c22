package io.sagitta.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.identity.Identity;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Grants, proofs and connections against a locked server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PulsarGrantsIT {
  private static final PipelineId OWN = new PipelineId("t", "own");
  private static final PipelineId OTHER = new PipelineId("t", "other");
  private static final String OUT = Topics.stream(OWN, "s");
  private static final Identity OWN_TASKS = new Identity.Pipeline("t", "own");
  private static final Identity OTHER_TASKS = new Identity.Pipeline("t", "other");
  private static final PartitionReader.Start BEGINNING = new PartitionReader.Start.Earliest();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LockedPulsar pulsar;
  private final Provisioner control;
  private final PulsarGrants grants;

  PulsarGrantsIT(@TempDir Path dir) throws Exception {
    this.pulsar = new LockedPulsar(dir);
    this.control = pulsar.control();
    this.grants = new PulsarGrants(control);
    control.ensureSystem();
    for (PipelineId pipeline : new PipelineId[] {OWN, OTHER}) {
      control.ensurePipeline(pipeline, Duration.ofHours(1));
      control.ensureTopic(Topics.stream(pipeline, "s"), 3);
      grants.set(
          PulsarGrant.of(
              pipeline.namespace(),
              new Identity.Pipeline(pipeline.tenant(), pipeline.name()).principal(),
              PulsarGrant.Right.PRODUCE,
              PulsarGrant.Right.CONSUME));
    }
  }

  @AfterAll
  void stop() {
    control.close();
    pulsar.close();
  }

  @Test
  void task_beyondItsPipeline_mayNothing() {
    try (PulsarConnection task = pulsar.connect(pulsar.bearer(OTHER_TASKS))) {
      send(task, Topics.partition(Topics.stream(OTHER, "s"), 0));
      assertThatThrownBy(() -> send(task, Topics.partition(OUT, 0)))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("not authorized");
      assertThatThrownBy(() -> PartitionReader.open(task, Topics.partition(OUT, 0), BEGINNING))
          .isInstanceOf(TransportException.class);
      assertThatThrownBy(() -> StateTopic.open(task, Topics.DEPLOYMENTS, Deployment.class))
          .isInstanceOf(TransportException.class);
      assertThatThrownBy(() -> task.partitions(OUT)).isInstanceOf(TransportException.class);
    }
    try (Provisioner task =
        Provisioner.open(pulsar.server().adminUrl().toString(), pulsar.bearer(OTHER_TASKS))) {
      assertThatThrownBy(() -> task.deletePipeline(OWN)).isInstanceOf(TransportException.class);
      assertThatThrownBy(() -> new PulsarGrants(task).namespaces())
          .isInstanceOf(TransportException.class);
    }
  }

  /** On one topic, for all partitions, to read and not to write; gone, it ends a live reader. */
  @Test
  void grant_onATopic_endsAtOnceWhenItIsRevoked() throws InterruptedException {
    PulsarGrant reads = PulsarGrant.of(OUT, OTHER_TASKS.principal(), PulsarGrant.Right.CONSUME);
    grants.set(reads);
    assertThat(grants.in(OWN.namespace())).hasSize(2).contains(reads);
    String partition = Topics.partition(OUT, 1);
    try (PulsarConnection own = pulsar.connect(pulsar.bearer(OWN_TASKS));
        PulsarConnection other = pulsar.connect(pulsar.bearer(OTHER_TASKS));
        PartitionReader reader = PartitionReader.open(other, partition, BEGINNING)) {
      assertThatThrownBy(() -> send(other, partition)).isInstanceOf(TransportException.class);
      send(own, partition);
      assertThat(reader.next((int) PATIENCE.toMillis())).isPresent();

      grants.revoke(reads);

      long deadline = System.nanoTime() + PATIENCE.toNanos();
      boolean read;
      do {
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
        send(own, partition);
        read = reads(reader);
      } while (read);
      send(own, partition);
      assertThat(reads(reader)).isFalse();
    }
    assertThat(grants.in(OWN.namespace())).hasSize(1).doesNotContain(reads);
  }

  private static boolean reads(PartitionReader reader) throws InterruptedException {
    try {
      return reader.next(3_000).isPresent();
    } catch (TransportException e) {
      return false; // The client was told why.
    }
  }

  /**
   * A token that lives for seconds: its connection outlives it, since the next one is asked for.
   */
  @Test
  void token_expires_isAskedForAgainOnTheSameConnection() {
    AtomicReference<String> token =
        new AtomicReference<>(pulsar.token(OWN_TASKS, Duration.ofSeconds(3)));
    AtomicInteger asked = new AtomicInteger();
    PulsarAccess access =
        new PulsarAccess.Bearer(
            pulsar.trust(),
            () -> {
              asked.incrementAndGet();
              return token.get();
            });
    try (PulsarConnection task = pulsar.connect(access);
        PartitionProducer producer =
            PartitionProducer.open(
                task,
                Topics.partition(OUT, 2),
                Optional.empty(),
                PartitionProducer.Access.EXCLUSIVE)) {
      send(producer);
      token.set(pulsar.token(OWN_TASKS, Duration.ofDays(1)));
      int before = asked.get();

      await(() -> asked.get() > before || !producer.isConnected());

      assertThat(producer.isConnected()).isTrue();
      send(producer);
    }
  }

  @Test
  void connections_thatShareThreads_closeApart() {
    try (ConnectionThreads threads = new ConnectionThreads();
        PulsarConnection first = connect(OWN_TASKS, threads)) {
      try (PulsarConnection second = connect(OTHER_TASKS, threads)) {
        send(second, Topics.partition(Topics.stream(OTHER, "s"), 0));
      }
      send(first, Topics.partition(OUT, 0));
    }
  }

  @Test
  void machine_withARenewedCertificate_isLetIn() {
    PulsarAccess access = pulsar.machine(Identity.Machine.CONTROL);
    pulsar.renew(Identity.Machine.CONTROL);
    try (PulsarConnection connection = pulsar.connect(access)) {
      send(connection, Topics.partition(OUT, 0));
    }
  }

  private PulsarConnection connect(Identity identity, ConnectionThreads threads) {
    return PulsarConnection.open(
        pulsar.server().brokerUrl(), pulsar.bearer(identity), 16 << 20, threads);
  }

  private static void send(PulsarConnection as, String topic) {
    try (PartitionProducer producer =
        PartitionProducer.open(as, topic, Optional.empty(), PartitionProducer.Access.SHARED)) {
      send(producer);
    }
  }

  private static void send(PartitionProducer producer) {
    producer
        .sendKeyed("row", ByteBuffer.wrap(new byte[] {1}))
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
