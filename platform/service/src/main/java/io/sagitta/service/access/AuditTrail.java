package io.sagitta.service.access;

import io.sagitta.service.Metrics;
import io.sagitta.service.audit.AuditEvent;
import io.sagitta.service.audit.AuditLog;
import io.sagitta.service.audit.DenialBound;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts decisions into the audit log: all that were allowed, and denials within a bound. */
public final class AuditTrail {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
  private static final int DRAIN_SECONDS = 30;

  private final Optional<AuditLog> log;
  private final DenialBound bound = new DenialBound();
  private final Metrics.Counter records;
  private final Metrics.Counter unwritten;
  private final ScheduledExecutorService drain =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "audit-drain");
            thread.setDaemon(true);
            return thread;
          });

  /** Creates one; {@code log} becomes its own. Without a log nothing is recorded. */
  public AuditTrail(Optional<AuditLog> log, Metrics metrics) {
    this.log = log;
    this.records = metrics.counter("sagitta_audit_records_total", "Records of the audit log.");
    this.unwritten =
        metrics.counter(
            "sagitta_audit_unwritten_total", "Denials that were counted and not written.");
    log.ifPresent(
        l ->
            metrics
                .gauge("sagitta_audit_last_record", "The number of the audit log's last record.")
                .follow(() -> l.head().n()));
  }

  void start() {
    if (log.isPresent()) {
      var unused =
          drain.scheduleWithFixedDelay(this::drain, DRAIN_SECONDS, DRAIN_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Records what is to be done; false if it cannot be recorded, so must not be done. */
  boolean allowed(AuditEvent event) {
    return log.isEmpty() || write(event);
  }

  void denied(AuditEvent event) {
    OptionalLong times = bound.take(event.who(), System.nanoTime());
    if (times.isPresent()) {
      log.ifPresent(l -> write(times(event, times.getAsLong())));
    } else {
      unwritten.add(1);
    }
  }

  private static AuditEvent times(AuditEvent event, long times) {
    return new AuditEvent(
        event.who(),
        event.proof(),
        event.from(),
        event.action(),
        event.object(),
        event.outcome(),
        event.rule(),
        times);
  }

  /** Writes one record each for what was only counted, so that the log tells how much there was. */
  private void drain() {
    bound.drain(
        (who, times) ->
            write(
                new AuditEvent(
                    who, "", "", "several", "several", AuditEvent.DENIED, "only counted", times)));
  }

  private boolean write(AuditEvent event) {
    try {
      log.orElseThrow().write(event);
      records.add(1);
      return true;
    } catch (IOException e) {
      LOG.error("Cannot write the audit log", e);
      return false;
    }
  }

  void stop() {
    drain.shutdownNow();
    if (log.isPresent()) {
      drain();
      try {
        log.get().close();
      } catch (IOException e) {
        LOG.warn("The audit log did not close cleanly", e);
      }
    }
  }
}
