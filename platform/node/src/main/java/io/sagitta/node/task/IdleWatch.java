package io.sagitta.node.task;

import io.sagitta.definition.EventTime;
import io.sagitta.definition.Source;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Progress;
import io.sagitta.transport.Header;
import io.sagitta.transport.Position;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Notices that a source's partition is silent and says so in that very partition, so that idleness
 * is a message like any other: every owner sees it at the same place.
 */
final class IdleWatch implements AutoCloseable {
  private final TaskSpec spec;
  private final TaskTopics topics;
  private final Clock clock;
  private final Optional<Duration> idleAfter;
  private Optional<TaskTopics.Output> producer = Optional.empty();
  private Optional<Position> last = Optional.empty();
  private Instant since;
  private boolean said;
  private long signs;

  IdleWatch(TaskSpec spec, TaskTopics topics, Clock clock) {
    this.spec = spec;
    this.topics = topics;
    this.clock = clock;
    this.since = clock.instant();
    Source source =
        spec.chain().head() instanceof Chain.Head.OfSource head
            ? spec.plan().definition().spec().sources().get(head.name())
            : null;
    this.idleAfter =
        source == null ? Optional.empty() : source.eventTime().flatMap(EventTime::idleAfter);
  }

  /** Notes the newest messages; a sign of idleness is one too, but brings no rows. */
  void saw(StepInput.Gathered gathered) {
    if (gathered.bringsRows()) {
      said = false;
      since = clock.instant();
    } else if (gathered.arrivals().isEmpty()) {
      said = false; // it was said too late, or could not prove that it was not
    }
    last = Optional.of(gathered.last());
  }

  /** Says that the source is idle, once, if nothing came for long enough. */
  void nothingCame() {
    if (idleAfter.isEmpty()
        || said
        || Duration.between(since, clock.instant()).compareTo(idleAfter.get()) < 0) {
      return;
    }
    if (producer.isEmpty()) {
      producer = Optional.of(topics.openInput());
    }
    Progress idle = new Progress(Long.MIN_VALUE, Long.MIN_VALUE, Progress.Activity.IDLE);
    Header header =
        new Header(
            Header.Kind.SIGNAL,
            spec.id().local(),
            spec.chain().name(),
            0,
            Optional.of(idle),
            Map.of(StepInput.AFTER, last.orElse(StepInput.NOTHING).toString()));
    said = true;
    CompletableFuture<?> unused =
        producer.get().send(signs++, header, ByteBuffer.allocate(0)).exceptionally(e -> null);
  }

  @Override
  public void close() {
    producer.ifPresent(TaskTopics.Output::close);
  }
}
