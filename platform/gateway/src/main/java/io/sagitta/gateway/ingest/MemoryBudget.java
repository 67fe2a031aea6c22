package io.sagitta.gateway.ingest;

import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The bound on what requests under way hold: bodies, decoded rows, and messages that Pulsar has not
 * confirmed. No source gets more than half of it, so that one that is stuck leaves room for the
 * others. Thread-safe.
 */
final class MemoryBudget {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final long totalBytes;
  private final Map<String, Long> usedBySource = new HashMap<>();
  private long usedBytes;

  MemoryBudget(long totalBytes) {
    this.totalBytes = totalBytes;
  }

  /** Opens a request's share, of nothing yet. */
  Share open(String source) {
    return new Share(source);
  }

  synchronized long usedBytes() {
    return usedBytes;
  }

  /** What one request holds. Closing gives it back. */
  final class Share implements AutoCloseable {
    private final String source;
    private long bytes;

    private Share(String source) {
      this.source = source;
    }

    /**
     * Takes {@code more} bytes.
     *
     * @throws ProblemException 429 if there is no room; what it has stays taken
     */
    void grow(long more) {
      synchronized (MemoryBudget.this) {
        long ofSource = usedBySource.getOrDefault(source, 0L) + more;
        if (usedBytes + more > totalBytes || ofSource > Math.max(totalBytes / 2, more)) {
          throw Problem.of(
                  429,
                  "busy",
                  "Too many requests under way",
                  "Rows come faster than Pulsar confirms them. Send this request again later, and"
                      + " fewer at a time.")
              .retryAfter(RETRY)
              .exception();
        }
        usedBytes += more;
        bytes += more;
        usedBySource.put(source, ofSource);
      }
    }

    /** Gives back all but {@code rest} bytes, if it has more. */
    void shrinkTo(long rest) {
      synchronized (MemoryBudget.this) {
        long back = Math.max(0, bytes - rest);
        usedBytes -= back;
        bytes -= back;
        usedBySource.computeIfPresent(source, (s, used) -> used == back ? null : used - back);
      }
    }

    @Override
    public void close() {
      shrinkTo(0);
    }
  }
}
