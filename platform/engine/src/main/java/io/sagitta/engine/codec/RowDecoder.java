package io.sagitta.engine.codec;

import io.sagitta.definition.Source;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.WireSchemas;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Reads the bodies of a source's requests: good rows become a batch in the order they came, bad
 * ones go to quarantine with what is wrong with them, and the rest of the body goes on. The same
 * bytes and arrival always give the same batches, since clients repeat requests. Thread-safe.
 *
 * <p>What is taken:
 *
 * <ul>
 *   <li>JSON: an object a line, or an array of objects; {@link RowFormat#JSON_ARRAY} also takes
 *       objects one after the other. Integers may be written {@code 33.0}; decimals also as
 *       strings; binary is base64; booleans and other numbers are never strings. Of a repeated key
 *       the last counts.
 *   <li>CSV: RFC 4180, UTF-8, the first line names the columns. An empty field is NULL, {@code ""}
 *       the empty string, or NULL where that is no value. Numbers may have spaces around, zeros or
 *       a plus before.
 *   <li>Arrow: an IPC stream as {@link IpcCodec#decodeUntrusted} takes it.
 *   <li>Timestamps are ISO 8601, with {@code T} or a space; without an offset they are UTC; beyond
 *       microseconds they are cut. Numbers are refused: nobody can tell seconds from milliseconds.
 *       Years are 0001 to 9999.
 *   <li>Keys and columns that the source does not declare are ignored, and named in the result. A
 *       missing one is NULL.
 * </ul>
 */
public final class RowDecoder {
  private static final int GUESSED_ROW_BYTES = 64;

  private final String name;
  private final Source source;
  private final Limits limits;

  private RowDecoder(String name, Source source, Limits limits) {
    this.name = name;
    this.source = source;
    this.limits = limits;
  }

  /**
   * Bounds on what one body may cost; the body's size is for the caller to limit.
   *
   * @param lineBytes the longest line, record or array item; longer ones are rejected
   * @param rows the most rows; a body with more is refused
   * @param rejects the most bad rows; a body with more is refused
   */
  public record Limits(int lineBytes, int rows, int rejects) {
    /** 1 MiB a line, a million rows, ten thousand bad ones. */
    public static final Limits DEFAULT = new Limits(1 << 20, 1_000_000, 10_000);

    public Limits {
      if (lineBytes < 1 || rows < 1 || rejects < 0) {
        throw new IllegalArgumentException("Limits are positive");
      }
    }
  }

  /**
   * A body, read. Closing it releases both batches.
   *
   * @param rows the good rows, with the source's {@linkplain WireSchemas#of(Source) wire schema}
   * @param rejects the bad ones, with {@link Quarantine#SCHEMA}; a row is its JSON object, or raw
   *     bytes if it could not be read
   * @param ignored names that came but are not declared, the first sixteen
   */
  public record Decoded(
      VectorSchemaRoot rows, Optional<VectorSchemaRoot> rejects, List<String> ignored)
      implements AutoCloseable {
    public Decoded {
      ignored = List.copyOf(ignored);
    }

    @Override
    public void close() {
      rows.close();
      rejects.ifPresent(VectorSchemaRoot::close);
    }
  }

  /** Returns a decoder of bodies for the source called {@code name}, with default limits. */
  public static RowDecoder of(String name, Source source) {
    return of(name, source, Limits.DEFAULT);
  }

  /** Returns a decoder of bodies for the source called {@code name}. */
  public static RowDecoder of(String name, Source source, Limits limits) {
    return new RowDecoder(name, source, limits);
  }

  /**
   * Reads one body.
   *
   * @param body from position to limit; not changed
   * @param arrival the event time of rows, if the source declares none
   * @return owned by the caller
   * @throws BadDataException if nothing of the body can be taken
   */
  public Decoded decode(
      RowFormat format, ByteBuffer body, Instant arrival, BufferAllocator allocator) {
    int guess = Math.max(16, Math.min(body.remaining() / GUESSED_ROW_BYTES, limits.rows()));
    long arrivalMicros = ChronoUnit.MICROS.between(Instant.EPOCH, arrival);
    BodyRows rows =
        new BodyRows(name, source, limits, arrivalMicros, Math.min(guess, limits.rows()));
    byte[] bytes;
    int from;
    if (body.hasArray()) {
      bytes = body.array();
      from = body.arrayOffset() + body.position();
    } else {
      bytes = new byte[body.remaining()];
      body.duplicate().get(bytes);
      from = 0;
    }
    int to = from + body.remaining();
    switch (format) {
      case JSON_LINES, JSON_ARRAY -> new JsonRows(bytes, from, to, rows).read(format);
      case CSV -> new CsvRows(bytes, from, to, rows).read();
      case ARROW -> new ArrowRows(ByteBuffer.wrap(bytes, from, to - from), rows).read();
    }
    return rows.finish(allocator);
  }
}
