package io.sagitta.control.desired;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.service.Problem;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What shall run: the deployments of all pipelines. One control writes, the one that holds an
 * exclusive producer on their topic; every other one stands by, reads, and takes over when the
 * producer is free.
 */
public final class DesiredState implements Managed {
  private static final Logger LOG = LoggerFactory.getLogger(DesiredState.class);
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final long PATIENCE_SECONDS = 15;

  private final PulsarConnection connection;
  private final StateTopic<Deployment> deployments;
  private final Thread candidate = new Thread(this::seekOffice, "control-candidate");
  private volatile Optional<PartitionProducer> writer = Optional.empty();
  private volatile boolean stopping;

  /** Reads all deployments; {@link #start} seeks the right to write. */
  public DesiredState(PulsarConnection connection) {
    this.connection = connection;
    this.deployments = StateTopic.open(connection, Topics.DEPLOYMENTS, Deployment.class);
  }

  @Override
  public void start() {
    tryOffice();
    candidate.setDaemon(true);
    candidate.start();
  }

  private void seekOffice() {
    try {
      while (!stopping) {
        Thread.sleep(RETRY.toMillis());
        if (writer.isEmpty()) {
          tryOffice();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Stops seeking to write deployments");
    }
  }

  private synchronized void tryOffice() {
    try {
      writer =
          Optional.of(
              StateTopic.writer(
                  connection, Topics.DEPLOYMENTS, PartitionProducer.Access.EXCLUSIVE));
      LOG.info("Writes desired state: no other control does");
    } catch (FencedOutException e) {
      if (!candidate.isAlive()) {
        LOG.warn("Stands by: another control writes desired state on this Pulsar");
      }
    } catch (TransportException e) {
      LOG.warn("Cannot seek to write desired state: {}", e.getMessage());
    }
  }

  /** Returns whether this control writes. */
  public boolean writes() {
    return writer.isPresent();
  }

  /** Returns all deployments, in the order of their ids. */
  public Collection<Deployment> all() {
    return deployments.all().values();
  }

  /** Returns the deployment of {@code pipeline}. */
  public Optional<Deployment> get(PipelineId pipeline) {
    return deployments.get(pipeline.toString());
  }

  /**
   * Waits until everything that any control wrote before has been read.
   *
   * @throws io.sagitta.service.ProblemException if this control stands by
   */
  public void prepareToWrite() {
    requireWriter();
    await(deployments.refresh(), "read");
  }

  /** Writes {@code deployment}, and waits until it can be read. */
  public void put(Deployment deployment) {
    write(deployment.id(), Optional.of(deployment));
  }

  /** Removes the deployment of {@code pipeline}, and waits until that can be seen. */
  public void remove(PipelineId pipeline) {
    write(pipeline, Optional.empty());
  }

  private void write(PipelineId pipeline, Optional<Deployment> value) {
    PartitionProducer office = requireWriter();
    try {
      await(StateTopic.put(office, pipeline.toString(), value), "write");
    } catch (TransportException e) {
      // Fenced or cut off: another control may write now. Seek the right anew.
      writer = Optional.empty();
      office.close();
      throw e;
    }
    awaitSeen(pipeline.toString(), value);
  }

  /**
   * Waits until a read gives {@code value}. Pulsar's refresh would not do: it may end when the
   * message has come and its listener, which makes it readable here, has not been called.
   */
  private void awaitSeen(String key, Optional<Deployment> value) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (!deployments.get(key).equals(value)) {
        if (System.nanoTime() > deadline) {
          throw new TransportException(
              "Pulsar took the deployment of " + key + " and did not give it back");
        }
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException(
          "Interrupted while the deployment of " + key + " was written", e);
    }
  }

  private PartitionProducer requireWriter() {
    return writer.orElseThrow(
        () ->
            Problem.of(
                    503,
                    "standby",
                    "This control stands by",
                    "Another control writes on this Pulsar; ask that one, or stop it and ask again.")
                .retryAfter(RETRY)
                .exception());
  }

  private static void await(CompletableFuture<?> done, String what) {
    try {
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException("Interrupted while Pulsar was to " + what + " deployments", e);
    } catch (ExecutionException | TimeoutException e) {
      String why =
          e instanceof TimeoutException
              ? "no answer within " + PATIENCE_SECONDS + " s"
              : String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
      throw new TransportException("Pulsar did not " + what + " deployments: " + why, e);
    }
  }

  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    candidate.interrupt();
    candidate.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    writer.ifPresent(PartitionProducer::closeAndWait);
    deployments.close();
  }
}
