package io.sagitta.gateway.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.ReadResult;
import io.sagitta.policy.Action;
import io.sagitta.policy.Resource;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.service.access.Visit;
import io.sagitta.transport.Backpressure;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.StorageHold;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipelines that control has applied, as definitions. It follows the topic of deployments, and
 * waits for that to exist. Thread-safe.
 */
public final class Catalog implements Managed {
  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final PulsarConnection connection;
  private final Map<String, Applied> parsed = new ConcurrentHashMap<>();
  private final List<Consumer<PipelineId>> listeners = new CopyOnWriteArrayList<>();
  private final Thread opener = new Thread(this::open, "catalog");
  private volatile Optional<StateTopic<Deployment>> deployments = Optional.empty();
  private volatile Optional<StateTopic<Backpressure>> full = Optional.empty();
  private volatile Optional<StateTopic<StorageHold>> spent = Optional.empty();
  private volatile boolean stopped;

  /** A deployment with its definition. */
  private record Applied(Deployment deployment, PipelineDefinition definition) {}

  /** Creates one that has read nothing yet. */
  public Catalog(PulsarConnection connection) {
    this.connection = connection;
    opener.setDaemon(true);
  }

  @Override
  public void start() {
    opener.start();
  }

  private void open() {
    boolean told = false;
    while (!stopped) {
      try {
        StateTopic<Deployment> topic =
            StateTopic.open(connection, Topics.DEPLOYMENTS, Deployment.class);
        full = Optional.of(StateTopic.open(connection, Topics.BACKPRESSURE, Backpressure.class));
        spent = Optional.of(StateTopic.open(connection, Topics.STORAGE_HOLDS, StorageHold.class));
        deployments = Optional.of(topic);
        topic.listen(this::changed);
        LOG.info("Read deployments pipelines={}", topic.all().size());
        return;
      } catch (TransportException e) {
        if (!told) {
          LOG.warn("Waiting for deployments: {}", e.getMessage());
          told = true;
        }
        if (!pause()) {
          return;
        }
      }
    }
  }

  private void changed(String id, Optional<Deployment> deployment) {
    if (deployment.isEmpty() && parsed.remove(id) != null) {
      listeners.forEach(listener -> listener.accept(PipelineId.parse(id)));
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(RETRY.toMillis());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Override
  public void stop() {
    stopped = true;
    opener.interrupt();
    deployments.ifPresent(StateTopic::close);
    full.ifPresent(StateTopic::close);
    spent.ifPresent(StateTopic::close);
  }

  /** Returns whether deployments have been read. */
  public boolean isReady() {
    return deployments.isPresent();
  }

  /**
   * Calls {@code listener} with every pipeline that is deleted, so that what is kept for it can go.
   * Call before the start; calls come from Pulsar's threads and must not block.
   */
  public void whenGone(Consumer<PipelineId> listener) {
    listeners.add(listener);
  }

  /** Returns what holds the ingest of {@code pipeline}; empty if nothing does. */
  public Optional<Backpressure> backpressure(PipelineId pipeline) {
    return full.flatMap(topic -> topic.get(pipeline.toString()));
  }

  /** Returns what holds the ingest of all of a tenant's pipelines; empty if nothing does. */
  public Optional<StorageHold> storageHold(String tenant) {
    return spent.flatMap(topic -> topic.get(tenant));
  }

  /**
   * Returns the revision of a pipeline that is wanted now.
   *
   * @param visit of whoever asks: only what they may see is suggested
   * @throws ProblemException 404 with what there is, or 503 while deployments are not read
   */
  public Pipeline pipeline(String tenant, String name, Visit visit) {
    StateTopic<Deployment> topic =
        deployments.orElseThrow(
            () ->
                Problem.of(
                        503,
                        "not-ready",
                        "Not ready",
                        "The gateway has not read the deployments yet: it waits for Pulsar and"
                            + " control.")
                    .retryAfter(RETRY)
                    .exception());
    String id = tenant + "/" + name;
    Deployment deployment = topic.get(id).orElseThrow(() -> unknown(topic, tenant, name, visit));
    Applied applied =
        Objects.requireNonNull(
            parsed.compute(
                id,
                (key, known) ->
                    known != null && known.deployment().equals(deployment)
                        ? known
                        : new Applied(deployment, parse(deployment))));
    return new Pipeline(
        deployment.id(), deployment.revision(), applied.definition(), deployment.streams());
  }

  private static PipelineDefinition parse(Deployment deployment) {
    byte[] definition = deployment.definition().getBytes(UTF_8);
    String file = deployment.id() + ".yaml";
    ReadResult result =
        deployment.env().isEmpty()
            ? DefinitionReader.read(file, definition)
            : DefinitionReader.read(file, definition, "env.yaml", deployment.env().getBytes(UTF_8));
    return result
        .definition()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Control applied what does not read: " + result.problems()));
  }

  private static ProblemException unknown(
      StateTopic<Deployment> topic, String tenant, String name, Visit visit) {
    List<Deployment> visible =
        visit.each(
            topic.all().values(),
            Action.OnPipeline.VIEW,
            d -> new Resource.Pipeline(d.tenant(), d.pipeline()));
    List<String> there =
        visible.stream().filter(d -> d.tenant().equals(tenant)).map(Deployment::pipeline).toList();
    if (there.isEmpty()) {
      List<String> tenants = visible.stream().map(Deployment::tenant).distinct().toList();
      return Problem.of(
              404,
              "unknown-tenant",
              "Unknown tenant",
              "No tenant '%s' has pipelines. %s"
                  .formatted(tenant, Names.listed("Tenants that do", tenants)))
          .exception();
    }
    return Problem.of(
            404,
            "unknown-pipeline",
            "Unknown pipeline",
            "Tenant '%s' has no pipeline '%s'. %s"
                .formatted(tenant, name, Names.listed("It has", there)))
        .exception();
  }
}
