package io.sagitta.control.tap;

import io.sagitta.definition.Spec;
import io.sagitta.engine.Plan;
import io.sagitta.service.Problem;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TapRequest;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes samples: of a stage by asking the owners of its tasks, who publish to a temporary topic; of
 * a stream by reading its newest messages. Thread-safe.
 */
public final class Taps {
  private static final Logger LOG = LoggerFactory.getLogger(Taps.class);
  private static final int MOST_AT_ONCE = 16;
  private static final int HEARTBEAT_MILLIS = 1000;

  private final PulsarConnection connection;
  private final Provisioner provisioner;
  private final BufferAllocator allocator;
  private final Clock clock;
  private final Semaphore free = new Semaphore(MOST_AT_ONCE);

  /** Where lines go. */
  public interface Lines {
    /**
     * Takes one row as a JSON object.
     *
     * @throws IOException if nobody listens any more
     */
    void line(byte[] json) throws IOException;

    /** Says that nothing has come lately. */
    void nothingYet() throws IOException;
  }

  /** A sample that is about to be taken; to be closed in any case. */
  public final class Sample implements AutoCloseable {
    private final List<PartitionReader> readers = new ArrayList<>();
    private final Optional<Set<String>> sensitive;
    private final int rows;
    private final Duration time;
    private Optional<TapRequest> request = Optional.empty();

    private Sample(Optional<Set<String>> sensitive, int rows, Duration time) {
      this.sensitive = sensitive;
      this.rows = rows;
      this.time = time;
    }

    /** Writes rows to {@code out} until there are enough or the time is over. */
    public void write(Lines out) throws IOException, InterruptedException {
      SampleLines lines = new SampleLines(allocator, sensitive, rows, out);
      long end = System.nanoTime() + time.toNanos();
      long heartbeat = System.nanoTime();
      int patienceMillis = Math.max(1, 100 / readers.size());
      while (lines.wantsMore() && System.nanoTime() < end) {
        for (PartitionReader reader : readers) {
          Optional<Received> next = reader.next(patienceMillis);
          if (next.isPresent()) {
            try (Received message = next.get()) {
              lines.write(message);
            }
          }
        }
        if (System.nanoTime() - heartbeat > TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS)) {
          heartbeat = System.nanoTime();
          out.nothingYet();
        }
      }
    }

    @Override
    public void close() {
      readers.forEach(PartitionReader::close);
      request.ifPresent(Taps.this::withdraw);
      free.release();
    }
  }

  /** Creates one; all parts stay the caller's. */
  public Taps(
      PulsarConnection connection,
      Provisioner provisioner,
      BufferAllocator allocator,
      Clock clock) {
    this.connection = connection;
    this.provisioner = provisioner;
    this.allocator = allocator;
    this.clock = clock;
  }

  /**
   * Opens a sample of {@code rows} rows of a stream, source or stage for {@code time}.
   *
   * @param name a stream's; else a source's or stage's
   * @param masked whether sensitive columns are
   * @throws io.sagitta.service.ProblemException if there is none, or too many are being taken
   */
  public Sample open(
      PipelineId pipeline, Plan plan, String name, int rows, Duration time, boolean masked) {
    boolean stream = plan.definition().spec().streams().containsKey(name);
    if (!stream && !watched(plan).contains(name)) {
      throw unknown(pipeline, plan, name);
    }
    if (!free.tryAcquire()) {
      throw Problem.of(
              429, "too-many-taps", "Too many samples", "Others are being taken; try again soon.")
          .retryAfter(Duration.ofSeconds(5))
          .exception();
    }
    Sample sample =
        new Sample(masked ? Optional.of(plan.sensitive()) : Optional.empty(), rows, time);
    try {
      if (stream) {
        readNewest(sample, Topics.stream(pipeline, name));
      } else {
        ask(sample, pipeline, name);
      }
      return sample;
    } catch (RuntimeException e) {
      sample.close();
      throw e;
    }
  }

  private void readNewest(Sample sample, String topic) {
    int partitions = connection.partitions(topic);
    for (int partition = 0; partition < partitions; partition++) {
      PartitionReader reader =
          PartitionReader.open(
              connection,
              Topics.partition(topic, partition),
              new PartitionReader.Start.LastMessage());
      sample.readers.add(reader);
      // Only asking makes Pulsar's reader go back to the last message.
      reader.hasNext();
    }
    if (sample.readers.isEmpty()) {
      throw new TransportException(topic + " is not there; apply the pipeline again");
    }
  }

  private void ask(Sample sample, PipelineId pipeline, String stage) {
    TapRequest request =
        new TapRequest(
            UUID.randomUUID().toString().replace("-", ""),
            pipeline.tenant(),
            pipeline.name(),
            stage,
            sample.rows,
            clock.instant().plus(sample.time).toString());
    provisioner.ensurePlainTopic(request.topic());
    sample.request = Optional.of(request);
    sample.readers.add(
        PartitionReader.open(connection, request.topic(), new PartitionReader.Start.Latest()));
    put(request, Optional.of(request));
  }

  private void withdraw(TapRequest request) {
    try {
      put(request, Optional.empty());
      provisioner.deletePlainTopic(request.topic());
    } catch (TransportException e) {
      LOG.warn("A tap's topic stays until its pipeline is deleted: {}", e.getMessage());
    }
  }

  private void put(TapRequest request, Optional<TapRequest> value) {
    try (PartitionProducer writer =
        StateTopic.writer(connection, Topics.TAPS, PartitionProducer.Access.SHARED)) {
      StateTopic.put(writer, request.id(), value).orTimeout(15, TimeUnit.SECONDS).join();
    } catch (java.util.concurrent.CompletionException e) {
      throw new TransportException("Cannot ask for a sample: " + e.getMessage(), e);
    }
  }

  private static Set<String> watched(Plan plan) {
    Spec spec = plan.definition().spec();
    Set<String> names = new TreeSet<>(spec.sources().keySet());
    names.addAll(spec.stages().keySet());
    return names;
  }

  private static RuntimeException unknown(PipelineId pipeline, Plan plan, String name) {
    Set<String> names = watched(plan);
    names.addAll(plan.definition().spec().streams().keySet());
    return Problem.of(
            404,
            "unknown-stage",
            "Unknown stage",
            "%s has no stream, source or stage '%s'. To be watched are: %s."
                .formatted(pipeline, name, String.join(", ", names)))
        .exception();
  }
}
