package io.sagitta.control.grants;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.service.access.PolicyInForce;
import io.sagitta.transport.TransportException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Pulsar's grants what they should be each time another policy comes into force, and once at
 * the start of control. Only the control that writes does: two would undo each other's work.
 */
public final class GrantFollower implements Managed {
  private static final Logger LOG = LoggerFactory.getLogger(GrantFollower.class);

  private final GrantKeeper keeper;
  private final PolicyInForce policy;
  private final BooleanSupplier writes;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread named = new Thread(task, "grants");
            named.setDaemon(true);
            return named;
          });

  /**
   * Creates one; {@link #start} begins.
   *
   * @param writes whether this control writes what shall run
   */
  public GrantFollower(GrantKeeper keeper, PolicyInForce policy, BooleanSupplier writes) {
    this.keeper = keeper;
    this.policy = policy;
    this.writes = writes;
  }

  @Override
  public void start() {
    // A policy comes from Pulsar's own threads, which must not wait for Pulsar.
    policy.whenSwapped(next -> thread.execute(this::mend));
    thread.execute(this::mend);
  }

  private void mend() {
    if (!writes.getAsBoolean()) {
      return;
    }
    try {
      GrantDrift drift = keeper.mend();
      LOG.info(
          "Pulsar grants what it should granted={} revoked={}",
          drift.lacking().size(),
          drift.surplus().size());
    } catch (TransportException e) {
      LOG.error("Pulsar's grants are not what they should be: {}", e.getMessage());
    }
  }

  @Override
  public void stop() {
    thread.shutdownNow();
  }
}
