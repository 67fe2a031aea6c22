package io.sagitta.node;

import io.sagitta.engine.Chain;
import io.sagitta.engine.Tap;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.Slices;
import io.sagitta.node.task.TaskSpec;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TapRequest;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The samples that people ask this node's tasks for. Encoding happens on the task's thread, for a
 * bounded number of rows; sending does not, and is given up where it would have to wait.
 */
final class Taps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Taps.class);
  private static final int WAITING = 16;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Clock clock;
  private final StateTopic<TapRequest> requests;
  private final Map<String, Open> open = new ConcurrentHashMap<>();
  private final ExecutorService sender =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING),
          r -> new Thread(r, "taps"),
          new ThreadPoolExecutor.DiscardPolicy());

  /** A request that is being served, and how many rows it may still get. */
  private static final class Open {
    private final TapRequest request;
    private int left;
    private Optional<PartitionProducer> producer = Optional.empty();

    private Open(TapRequest request) {
      this.request = request;
      this.left = request.rows();
    }

    private synchronized boolean wantsMore() {
      return left > 0;
    }

    private synchronized int take(int rows) {
      int taken = Math.min(left, rows);
      left -= taken;
      return taken;
    }
  }

  Taps(PulsarConnection pulsar, Clock clock) {
    this.clock = clock;
    this.requests = StateTopic.open(pulsar, Topics.TAPS, TapRequest.class);
    requests.listen(this::changed);
  }

  private void changed(String id, Optional<TapRequest> request) {
    // Whoever asked may have died before it could withdraw.
    Set.copyOf(open.keySet()).stream().filter(this::isExpired).forEach(this::close);
    if (request.isPresent() && !request.get().expired(clock.instant())) {
      open.putIfAbsent(id, new Open(request.get()));
    } else {
      close(id);
    }
  }

  private boolean isExpired(String id) {
    Open tap = open.get(id);
    return tap != null && tap.request.expired(clock.instant());
  }

  private void close(String id) {
    Open gone = open.remove(id);
    if (gone != null) {
      gone.producer.ifPresent(PartitionProducer::close);
    }
  }

  /**
   * Returns the tap of one task.
   *
   * @param own the connection of its pipeline, whose samples it sends
   */
  Tap of(TaskSpec spec, PulsarConnection own) {
    return new TaskTap(spec, own);
  }

  /** What one task is asked for. */
  private final class TaskTap implements Tap {
    private final TaskSpec spec;
    private final PulsarConnection own;
    private final Set<String> fused;
    private Instant nextLook = Instant.MIN;

    private TaskTap(TaskSpec spec, PulsarConnection own) {
      this.spec = spec;
      this.own = own;
      this.fused = new HashSet<>(spec.chain().rowLocal());
      spec.chain().outputs().stream().map(Chain.Output::from).forEach(fused::remove);
    }

    @Override
    public Set<String> wanted() {
      if (open.isEmpty()) {
        return Set.of();
      }
      Instant now = clock.instant();
      Set<String> stages = new HashSet<>();
      for (Open tap : open.values()) {
        if (isAsked(tap) && tap.wantsMore() && !tap.request.expired(now)) {
          stages.add(tap.request.stage());
        }
      }
      pace(stages, now);
      return stages;
    }

    /** A fused stage's rows cost a query, so they are asked for now and then only. */
    private void pace(Set<String> stages, Instant now) {
      if (now.isBefore(nextLook)) {
        stages.removeAll(fused);
      } else if (stages.stream().anyMatch(fused::contains)) {
        nextLook = now.plus(BETWEEN_LOOKS);
      }
    }

    @Override
    public void show(String stage, VectorSchemaRoot rows) {
      for (Open tap : open.values()) {
        if (isAsked(tap) && tap.request.stage().equals(stage)) {
          offer(tap, spec, own, rows);
        }
      }
    }

    private boolean isAsked(Open tap) {
      return tap.request.of().equals(spec.id().pipeline());
    }

    @Override
    public void failed(String stage, RuntimeException e) {
      LOG.warn("Task {} cannot show rows of {}: {}", spec.id(), stage, e.getMessage());
    }
  }

  private void offer(Open tap, TaskSpec spec, PulsarConnection own, VectorSchemaRoot rows) {
    int count = tap.take(rows.getRowCount());
    if (count == 0) {
      return;
    }
    ByteBuffer payload;
    try (VectorSchemaRoot sample = Slices.of(rows, 0, count)) {
      payload = IpcCodec.encode(sample);
    }
    Header header =
        Header.of(
            Header.Kind.ROWS, spec.id().local(), tap.request.stage(), count, Optional.empty());
    sender.execute(() -> send(tap, own, header, payload));
  }

  private void send(Open tap, PulsarConnection own, Header header, ByteBuffer payload) {
    try {
      if (tap.producer.isEmpty()) {
        tap.producer =
            Optional.of(
                PartitionProducer.open(
                    own, tap.request.topic(), Optional.empty(), PartitionProducer.Access.SHARED));
      }
      tap.producer.get().send(header, payload).exceptionally(e -> Optional.empty());
    } catch (TransportException e) {
      LOG.warn("A sample of {} got lost: {}", tap.request.stage(), e.getMessage());
    }
  }

  @Override
  public void close() {
    requests.close();
    sender.shutdownNow();
    Set.copyOf(open.keySet()).forEach(this::close);
  }
}
