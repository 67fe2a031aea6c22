package io.sagitta.control.quota;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.desired.Watch;
import io.sagitta.control.events.EventTail;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.StorageHold;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Measures what the topics of a tenant with {@code quota.storage} keep, and tells gateways to hold
 * the ingest of all of its pipelines while that is more. What a tenant sends between two looks may
 * go beyond its quota. Only the control that writes desired state does.
 */
public final class StorageWatch implements Managed {
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** So that ingest does not stop and go on with each ledger that is trimmed. */
  private static final double GOES_ON_AT = 0.95;

  private final DesiredState desired;
  private final Provisioner provisioner;
  private final EventTail events;
  private final Function<String, Optional<Long>> quotas;
  private final Clock clock;
  private final StateTopic<StorageHold> holds;
  private final PartitionProducer writer;
  private final Watch watch = new Watch("storage-watch", LOOK, this::look);

  /**
   * Creates one; all parts stay the caller's. {@link #start} begins.
   *
   * @param quotas gives the bytes that a tenant's topics may keep now; empty for any number
   */
  public StorageWatch(
      DesiredState desired,
      Provisioner provisioner,
      PulsarConnection connection,
      EventTail events,
      Function<String, Optional<Long>> quotas,
      Clock clock) {
    this.desired = desired;
    this.provisioner = provisioner;
    this.events = events;
    this.quotas = quotas;
    this.clock = clock;
    this.holds = StateTopic.open(connection, Topics.STORAGE_HOLDS, StorageHold.class);
    this.writer =
        StateTopic.writer(connection, Topics.STORAGE_HOLDS, PartitionProducer.Access.SHARED);
  }

  @Override
  public void start() {
    watch.start();
  }

  /** Returns what holds the ingest of {@code tenant}; empty if nothing does. */
  public Optional<StorageHold> of(String tenant) {
    return holds.get(tenant);
  }

  private void look() {
    if (!desired.writes()) {
      return;
    }
    Map<String, List<PipelineId>> tenants =
        desired.all().stream()
            .map(Deployment::id)
            .collect(Collectors.groupingBy(PipelineId::tenant, TreeMap::new, Collectors.toList()));
    tenants.forEach(this::look);
    Set<String> gone = new HashSet<>(holds.all().keySet());
    gone.removeAll(tenants.keySet());
    gone.forEach(tenant -> put(tenant, Optional.empty()));
  }

  private void look(String tenant, List<PipelineId> pipelines) {
    Optional<StorageHold> before = of(tenant);
    Optional<Long> quota = quotas.apply(tenant);
    if (quota.isEmpty()) {
      before.ifPresent(
          hold -> goOn(tenant, pipelines, "Its tenant has no quota.storage any more."));
      return;
    }
    long limit = quota.get();
    long bytes = pipelines.stream().mapToLong(provisioner::storageBytes).sum();
    if (before.isEmpty() && bytes > limit) {
      put(tenant, Optional.of(StorageHold.begins(tenant, bytes, limit, clock.instant())));
      say(
          pipelines,
          ("Ingest is held: the topics of tenant %s keep %,d MiB, more than the %,d MiB of its"
                  + " quota.storage. It goes on by itself once they keep less: shorten their"
                  + " retention, delete pipelines, or raise the quota.")
              .formatted(tenant, bytes >> 20, limit >> 20));
    } else if (before.isPresent() && bytes < GOES_ON_AT * limit) {
      goOn(tenant, pipelines, "The topics of its tenant keep less than its quota.storage.");
    } else if (before.isPresent()
        && (bytes != before.get().bytes() || limit != before.get().limitBytes())) {
      put(tenant, Optional.of(before.get().with(bytes, limit)));
    }
  }

  private void goOn(String tenant, List<PipelineId> pipelines, String reason) {
    put(tenant, Optional.empty());
    pipelines.forEach(pipeline -> events.say(pipeline, "Ingest goes on: " + reason));
  }

  private void say(List<PipelineId> pipelines, String words) {
    pipelines.forEach(pipeline -> events.warn(pipeline, words));
  }

  private void put(String tenant, Optional<StorageHold> value) {
    try {
      StateTopic.put(writer, tenant, value).join();
      holds.refresh().join();
    } catch (CompletionException e) {
      throw new TransportException(
          "Cannot tell gateways of the storage of " + tenant + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void stop() throws InterruptedException {
    watch.close();
    writer.close();
    holds.close();
  }
}
