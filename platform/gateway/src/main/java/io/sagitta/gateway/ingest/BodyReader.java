package io.sagitta.gateway.ingest;

import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads request bodies, plain or gzip, within bounds on size, expansion and time. */
final class BodyReader {
  /**
   * What a request takes at its peak, in multiples of its body: the body, the rows decoded from it,
   * and the messages encoded from those.
   */
  static final int PEAK_FACTOR = 3;

  private static final int FIRST_BYTES = 64 << 10;
  private static final long FREE_EXPANSION_BYTES = 1 << 20;
  private static final int MAX_RATIO = 100;
  private static final Duration MAX_DISCARD_TIME = Duration.ofSeconds(5);
  private static final Duration MAX_TIME = Duration.ofSeconds(60);

  private final long maxBodyBytes;
  private final long maxExpandedBytes;

  BodyReader(long maxBodyBytes, long maxExpandedBytes) {
    this.maxBodyBytes = maxBodyBytes;
    this.maxExpandedBytes = maxExpandedBytes;
  }

  /**
   * Reads the whole body, unpacked.
   *
   * @param share grows by {@link #PEAK_FACTOR} times the body
   * @throws ProblemException if it is too large, damaged, too slow, or the share cannot grow
   */
  ByteBuffer read(HttpServletRequest request, MemoryBudget.Share share) throws IOException {
    long announced = request.getContentLengthLong();
    if (announced > maxBodyBytes) {
      throw tooLarge(maxBodyBytes, "sent");
    }
    Counted sent = new Counted(request.getInputStream(), maxBodyBytes);
    String encoding =
        Objects.requireNonNullElse(request.getHeader("Content-Encoding"), "identity")
            .strip()
            .toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "identity" -> {
        ByteBuffer body = read(sent, Math.max(0, announced), maxBodyBytes, share, sent);
        if (announced >= 0 && body.remaining() < announced) {
          throw truncated();
        }
        yield body;
      }
      case "gzip", "x-gzip" -> unpack(sent, share);
      default ->
          throw Problem.of(
                  415,
                  "wrong-content-encoding",
                  "Wrong content encoding",
                  "Content-Encoding '%s' is not taken; send gzip or none.".formatted(encoding))
              .exception();
    };
  }

  /**
   * Reads what is left of a body that was refused, within bounds: a client that is still sending
   * would see a broken connection in place of the answer.
   */
  void discard(HttpServletRequest request) {
    long deadline = System.nanoTime() + MAX_DISCARD_TIME.toNanos();
    long left = 2 * maxBodyBytes;
    byte[] bytes = new byte[FIRST_BYTES];
    try {
      InputStream in = request.getInputStream();
      int read = 0;
      while (read >= 0 && left > 0 && System.nanoTime() < deadline) {
        read = in.read(bytes);
        left -= Math.max(0, read);
      }
    } catch (IOException e) {
      // The client is gone; so nobody misses the answer.
    }
  }

  private ByteBuffer unpack(Counted sent, MemoryBudget.Share share) throws IOException {
    try (GZIPInputStream unpacked = new GZIPInputStream(sent, FIRST_BYTES)) {
      return read(unpacked, 0, maxExpandedBytes, share, sent);
    } catch (EOFException e) {
      throw truncated();
    } catch (ZipException e) {
      throw Problem.of(400, "bad-gzip", "Bad gzip", "The body is not gzip: " + e.getMessage() + ".")
          .exception();
    }
  }

  private ByteBuffer read(
      InputStream in, long expected, long maxBytes, MemoryBudget.Share share, Counted sent)
      throws IOException {
    long deadline = System.nanoTime() + MAX_TIME.toNanos();
    byte[] bytes = new byte[grown(share, 0, expected > 0 ? expected : FIRST_BYTES)];
    int size = 0;
    while (true) {
      if (size == bytes.length) {
        int next = size == expected && expected > 0 ? in.read() : -2;
        if (next == -1) {
          break;
        }
        bytes =
            Arrays.copyOf(
                bytes, grown(share, size, Math.min(Math.max(2L * size, 1), maxBytes + 1)));
        if (next >= 0) {
          bytes[size++] = (byte) next;
        }
      }
      int read = in.read(bytes, size, bytes.length - size);
      if (read < 0) {
        break;
      }
      size += read;
      if (size > maxBytes) {
        throw tooLarge(maxBytes, in == sent ? "sent" : "unpacked");
      }
      if (size > FREE_EXPANSION_BYTES && size / MAX_RATIO > sent.count) {
        throw Problem.of(
                413,
                "expands-too-much",
                "Body expands too much",
                "The body unpacks to more than %d times its size. Send it plain, or in parts."
                    .formatted(MAX_RATIO))
            .exception();
      }
      if (System.nanoTime() > deadline) {
        throw Problem.of(
                408,
                "too-slow",
                "Request too slow",
                "The body did not come within %d s. Send less at a time."
                    .formatted(MAX_TIME.toSeconds()))
            .exception();
      }
    }
    return ByteBuffer.wrap(bytes, 0, size);
  }

  private static int grown(MemoryBudget.Share share, long from, long to) {
    share.grow((to - from) * PEAK_FACTOR);
    return Math.toIntExact(to);
  }

  private static ProblemException truncated() {
    return Problem.of(400, "truncated", "Truncated request", "The body ended too early.")
        .exception();
  }

  private static ProblemException tooLarge(long maxBytes, String how) {
    return Problem.of(
            413,
            "body-too-large",
            "Body too large",
            "A body may hold %,d bytes as it is %s. Split it; a few MB at a time are fastest."
                .formatted(maxBytes, how))
        .with("max_bytes", maxBytes)
        .exception();
  }

  /** Bytes as they came, counted and bounded. */
  private static final class Counted extends InputStream {
    private final InputStream in;
    private final long maxBytes;
    private long count;

    Counted(InputStream in, long maxBytes) {
      this.in = in;
      this.maxBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = in.read(bytes, from, length);
      count(Math.max(0, read));
      return read;
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    private void count(int more) {
      count += more;
      if (count > maxBytes) {
        throw tooLarge(maxBytes, "sent");
      }
    }
  }
}
