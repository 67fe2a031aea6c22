package io.sagitta.control.quarantine;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.control.apply.Applier;
import io.sagitta.control.apply.Plans;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.desired.Watch;
import io.sagitta.control.status.TaskTracker;
import io.sagitta.engine.Counts;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses pipelines of which too many rows go to quarantine, rather than let them go on so; only the
 * control that writes desired state does. Nothing is lost: what comes meanwhile waits. A pipeline
 * that is resumed is judged by what comes from then on.
 */
public final class QuarantineWatch implements Managed {
  private static final Logger LOG = LoggerFactory.getLogger(QuarantineWatch.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final DesiredState desired;
  private final Plans plans;
  private final TaskTracker tracker;
  private final Applier applier;
  private final Clock clock;
  private final Map<PipelineId, RateJudge> judges = new HashMap<>();
  private final Watch watch = new Watch("quarantine-watch", LOOK, this::look);

  /** Creates one; all parts stay the caller's. {@link #start} begins. */
  public QuarantineWatch(
      DesiredState desired, Plans plans, TaskTracker tracker, Applier applier, Clock clock) {
    this.desired = desired;
    this.plans = plans;
    this.tracker = tracker;
    this.applier = applier;
    this.clock = clock;
  }

  @Override
  public void start() {
    watch.start();
  }

  private void look() throws InterruptedException {
    Set<PipelineId> running = new HashSet<>();
    if (desired.writes()) {
      for (Deployment deployment : desired.all()) {
        if (deployment.desired() == Deployment.Desired.RUNNING) {
          running.add(deployment.id());
          judge(deployment);
        }
      }
    }
    judges.keySet().retainAll(running);
  }

  private void judge(Deployment deployment) throws InterruptedException {
    PipelineId id = deployment.id();
    Optional<Double> most =
        plans.of(deployment).map(plan -> plan.definition().spec().errors().maxQuarantineRatio());
    if (most.isEmpty()) {
      return;
    }
    Optional<RateJudge.Verdict> verdict =
        judges
            .computeIfAbsent(id, i -> new RateJudge())
            .judge(clock.instant(), counts(id), most.get());
    if (verdict.isPresent()) {
      try {
        applier.pause(id, deployment.revision(), why(id, verdict.get(), most.get()));
      } catch (RuntimeException e) {
        LOG.warn("Cannot pause {}, of which too many rows go to quarantine", id, e);
      }
    }
  }

  private Map<String, Counts> counts(PipelineId id) {
    Map<String, Counts> counts = new TreeMap<>();
    tracker
        .of(id)
        .forEach(
            report ->
                report.counts().forEach((stage, some) -> counts.merge(stage, some, Counts::plus)));
    return counts;
  }

  private static String why(PipelineId id, RateJudge.Verdict verdict, double most) {
    return ("'%s' sent %,d of its last %,d rows to quarantine, more than"
            + " errors.quarantine.max_rate allows (%s%%). See which with 'sagitta quarantine list"
            + " %s --stage %s'; then apply a mended definition, or mend what sends the rows; then"
            + " go on with 'sagitta resume %s'")
        .formatted(
            verdict.stage(),
            verdict.quarantined(),
            verdict.came(),
            BigDecimal.valueOf(most).movePointRight(2).stripTrailingZeros().toPlainString(),
            id,
            verdict.stage(),
            id);
  }

  @Override
  public void stop() throws InterruptedException {
    watch.close();
  }
}
