package io.sagitta.control.grants;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.service.access.PolicyInForce;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Pulsar's grants what they should be each time another policy comes into force, and once
 * when this control begins to write. Only the one that writes does: two would undo each other's
 * work.
 */
public final class GrantFollower implements Managed {
  private static final Logger LOG = LoggerFactory.getLogger(GrantFollower.class);

  private final GrantKeeper keeper;
  private final PolicyInForce policy;
  private final BooleanSupplier writes;
  private static final long LOOK_SECONDS = 5;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread named = new Thread(task, "grants");
            named.setDaemon(true);
            return named;
          });
  private boolean mended;

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
    var unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /** One that was a standby has missed what was to be granted before. */
  private void look() {
    if (!writes.getAsBoolean()) {
      mended = false;
    } else if (!mended) {
      mend();
    }
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
      mended = true;
    } catch (RuntimeException e) {
      // Whatever it was: an exception would end all further looks.
      mended = false;
      LOG.error("Pulsar's grants are not what they should be: {}", e.getMessage());
    }
  }

  @Override
  public void stop() {
    thread.shutdownNow();
  }
}
