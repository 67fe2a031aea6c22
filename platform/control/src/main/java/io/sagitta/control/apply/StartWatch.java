package io.sagitta.control.apply;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.desired.Watch;
import io.sagitta.control.events.EventTail;
import io.sagitta.control.status.TaskTracker;
import io.sagitta.service.ProblemException;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.TaskStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes back from revisions whose start fails to what ran before them; only the control that writes
 * desired state does.
 *
 * <p>A start has failed if a task that never ran under the revision has failed for {@link
 * #PATIENCE}. A task that ran and fails later is no failed start.
 */
public final class StartWatch implements Managed {
  /** For how long a task may fail to start. */
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(StartWatch.class);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final String NEXT_ATTEMPT = "; tries again in ";

  private final DesiredState desired;
  private final TaskTracker tracker;
  private final Applier applier;
  private final EventTail events;
  private final Clock clock;
  private final Map<PipelineId, Start> starts = new HashMap<>();
  private final Watch watch = new Watch("start-watch", LOOK, this::look);

  /** What was heard of the tasks of one revision since it was applied. */
  private static final class Start {
    private final long revision;
    private final Set<String> ran = new HashSet<>();
    private final Map<String, Instant> failingSince = new HashMap<>();
    private boolean settled;

    private Start(long revision) {
      this.revision = revision;
    }
  }

  /** Creates one; all parts stay the caller's. {@link #start} begins. */
  public StartWatch(
      DesiredState desired, TaskTracker tracker, Applier applier, EventTail events, Clock clock) {
    this.desired = desired;
    this.tracker = tracker;
    this.applier = applier;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void start() {
    watch.start();
  }

  /** Looks once at all revisions that start, if this control is the one that writes. */
  public void look() throws InterruptedException {
    if (!desired.writes()) {
      return;
    }
    Set<PipelineId> starting = new HashSet<>();
    for (Deployment deployment : desired.all()) {
      if (deployment.fallback() > 0
          && deployment.desired() == Deployment.Desired.RUNNING
          && Succession.starts(deployment, clock)) {
        starting.add(deployment.id());
        Start known = starts.get(deployment.id());
        if (known == null || known.revision != deployment.revision()) {
          known = new Start(deployment.revision());
          starts.put(deployment.id(), known);
        }
        look(deployment, known);
      }
    }
    starts.keySet().retainAll(starting);
  }

  private void look(Deployment deployment, Start start) throws InterruptedException {
    for (TaskStatus report : tracker.of(deployment.id())) {
      if (!start.settled && failed(report, start)) {
        goBack(deployment, report, start);
      }
    }
  }

  private boolean failed(TaskStatus report, Start start) {
    if (report.revision() == start.revision) {
      start.ran.add(report.key());
    }
    // A task that cannot be opened does not know yet whose steps it makes. One that fails at those
    // which an earlier revision left says so, and would fail at them under that revision, too.
    boolean fails =
        report.state() == TaskStatus.State.RETRYING
            && report.revision() == 0
            && !tracker.isSilent(report)
            && !start.ran.contains(report.key());
    if (!fails) {
      if (report.revision() != 0) {
        start.failingSince.remove(report.key());
      }
      return false;
    }
    Instant now = clock.instant();
    Instant since = start.failingSince.computeIfAbsent(report.key(), key -> now);
    return !now.isBefore(since.plus(PATIENCE));
  }

  private void goBack(Deployment failed, TaskStatus report, Start start)
      throws InterruptedException {
    String why =
        "revision %d did not start: task %s/%d on %s: %s"
            .formatted(
                failed.revision(),
                report.chain(),
                report.partition(),
                report.node(),
                withoutNextAttempt(report.message()));
    try {
      applier.goBack(failed, why);
      start.settled = true;
    } catch (ProblemException e) {
      if (desired.writes()) {
        // What would lose rows is refused to control as it is to people, and will be.
        start.settled = true;
        events.warn(
            failed.id(),
            why + ". Apply a mended one: control cannot go back by itself. " + e.getMessage());
      }
    } catch (RuntimeException e) {
      LOG.warn("Going back from {} is tried again: {}", failed.id(), e.getMessage());
    }
  }

  private static String withoutNextAttempt(String message) {
    int end = message.lastIndexOf(NEXT_ATTEMPT);
    return end < 0 ? message : message.substring(0, end);
  }

  @Override
  public void stop() throws InterruptedException {
    watch.close();
  }
}
