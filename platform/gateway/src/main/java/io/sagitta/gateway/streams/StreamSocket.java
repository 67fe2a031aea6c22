package io.sagitta.gateway.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.engine.codec.RowFormat;
import io.sagitta.service.ProblemException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a stream's rows over a WebSocket as they come. The next rows are read once the client has
 * taken the last ones, so a slow client slows itself and holds nothing here.
 *
 * <p>JSON: text frames {@code {"rows":[…],"cursor":"…","more":…}}. Arrow: a binary frame with an
 * IPC stream, then a text frame {@code {"cursor":"…"}}.
 */
public final class StreamSocket implements Session.Listener.AutoDemanding {
  private static final Logger LOG = LoggerFactory.getLogger(StreamSocket.class);
  private static final Duration PING = Duration.ofSeconds(20);
  private static final String STOPPING = "The gateway stops; go on at another";
  private static final long FRAME_BYTES = 1 << 20;

  private final Scans scans;
  private final StreamRef stream;
  private final Query query;
  private final RowFormat format;
  private final StreamMetrics metrics;
  private final BooleanSupplier allowed;
  private volatile Optional<StreamScan> scan = Optional.empty();
  // Of the scan while a frame of its rows is on its way: nobody else touches it then.
  private final AtomicReference<Optional<StreamScan>> sending =
      new AtomicReference<>(Optional.empty());
  private volatile boolean closed;
  private volatile String lastCursor = "";

  /**
   * Creates one.
   *
   * @param allowed whether the client may still read; asked before each frame and each ping
   */
  StreamSocket(
      Scans scans,
      StreamRef stream,
      Query query,
      RowFormat format,
      StreamMetrics metrics,
      BooleanSupplier allowed) {
    this.allowed = allowed;
    this.scans = scans;
    this.stream = stream;
    this.query = query;
    this.format = format;
    this.metrics = metrics;
  }

  @Override
  public void onWebSocketOpen(Session session) {
    metrics.opened();
    try {
      var unused =
          scans
              .open(stream, query.cursor())
              .whenComplete(
                  (opened, e) -> {
                    if (e == null) {
                      scan = Optional.of(opened);
                      next(session, opened);
                    } else {
                      fail(session, e);
                    }
                  });
    } catch (ProblemException e) {
      fail(session, e);
    }
  }

  private void next(Session session, StreamScan opened) {
    if (isOver(session, opened)) {
      return;
    }
    var unused =
        opened
            .next(new StreamScan.Wish(query.filter(), query.limit(), FRAME_BYTES, PING))
            .whenComplete(
                (chunk, e) -> {
                  if (chunk == null) {
                    scans.close(opened);
                    fail(session, e);
                    return;
                  }
                  try (chunk) {
                    if (!isOver(session, opened)) {
                      sending.set(Optional.of(opened));
                      send(session, chunk, then(session));
                    }
                  } catch (RuntimeException problem) {
                    letGo();
                    fail(session, problem);
                  }
                });
  }

  private boolean isOver(Session session, StreamScan opened) {
    if (!closed && !scans.isStopping()) {
      return isForbidden(session, opened);
    }
    scans.close(opened);
    session.close(StatusCode.SHUTDOWN, STOPPING, Callback.NOOP);
    return true;
  }

  private boolean isForbidden(Session session, StreamScan opened) {
    if (allowed.getAsBoolean()) {
      return false;
    }
    scans.close(opened);
    session.close(StatusCode.POLICY_VIOLATION, "You may no longer read this", Callback.NOOP);
    return true;
  }

  private Callback then(Session session) {
    return Callback.from(
        () -> sending.getAndSet(Optional.empty()).ifPresent(opened -> next(session, opened)),
        e -> {
          letGo();
          session.disconnect();
        });
  }

  /** Closes the scan if a frame is on its way; else the read under way does. */
  private void letGo() {
    sending.getAndSet(Optional.empty()).ifPresent(scans::close);
  }

  private void send(Session session, Chunk chunk, Callback done) {
    String cursor = chunk.cursor().text(stream.id());
    if (chunk.batches().isEmpty() && cursor.equals(lastCursor)) {
      session.sendPing(ByteBuffer.allocate(0), done);
      return;
    }
    lastCursor = cursor;
    metrics.served(stream, chunk.batches());
    if (format == RowFormat.ARROW) {
      String mark = "{\"cursor\":\"%s\"}".formatted(cursor);
      if (chunk.batches().isEmpty()) {
        session.sendText(mark, done);
        return;
      }
      byte[] body =
          Rendering.body(
              format, Optional.of(chunk.batches().get(0).getSchema()), chunk.batches(), "");
      session.sendBinary(
          ByteBuffer.wrap(body), Callback.from(() -> session.sendText(mark, done), done::fail));
      return;
    }
    String tail = ",\"cursor\":\"%s\",\"more\":%b".formatted(cursor, chunk.more());
    byte[] body = Rendering.body(RowFormat.JSON_ARRAY, Optional.empty(), chunk.batches(), tail);
    session.sendText(new String(body, UTF_8), done);
  }

  private void fail(Session session, @Nullable Throwable thrown) {
    if (closed || scans.isStopping()) {
      session.close(StatusCode.SHUTDOWN, STOPPING, Callback.NOOP);
      return;
    }
    Throwable answer =
        StreamResource.asAnswer(
            thrown == null ? new IllegalStateException("No rows and no reason") : thrown);
    if (answer instanceof ProblemException problem) {
      session.sendText(
          new String(problem.problem().json(), UTF_8),
          Callback.from(
              () ->
                  session.close(
                      StatusCode.TRY_AGAIN_LATER, problem.problem().title(), Callback.NOOP),
              e -> session.disconnect()));
    } else {
      LOG.error("Failed WebSocket stream={}", stream.id(), answer);
      session.close(StatusCode.SERVER_ERROR, "Unexpected error", Callback.NOOP);
    }
  }

  @Override
  public void onWebSocketClose(int status, String reason, Callback callback) {
    closed = true;
    metrics.closed();
    letGo();
    scan.ifPresent(StreamScan::nudge);
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    LOG.debug("WebSocket ended stream={}", stream.id(), cause);
  }
}
