package io.sagitta.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The snapshots of a pipeline's tables, each under the hash of its content. A snapshot is the bytes
 * of an Arrow IPC stream, cut into parts that fit into messages. Only control publishes.
 */
public final class TableTopic {
  /** A snapshot's most bytes: every task that joins the table holds it in memory. */
  public static final int MAX_SNAPSHOT_BYTES = 256 << 20;

  private static final int PART_BYTES = 2 << 20;
  private static final int WAIT_MILLIS = 30_000;
  private static final String HASH = "hash";
  private static final String PART = "part";
  private static final String PARTS = "parts";

  private TableTopic() {}

  /** Returns the name of the snapshot with content {@code stream}: its SHA-256, in hex. */
  public static String hash(byte[] stream) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(stream));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /**
   * Publishes {@code stream}, unless it is there; returns its hash when all of it is on disk.
   *
   * @param stream an Arrow IPC stream of at most {@link #MAX_SNAPSHOT_BYTES}
   */
  public static String publish(
      PulsarConnection connection, PipelineId pipeline, String table, byte[] stream)
      throws InterruptedException {
    if (stream.length > MAX_SNAPSHOT_BYTES) {
      throw new TransportException(
          "Table %s takes %,d bytes; the most is %,d. Leave out columns or rows."
              .formatted(table, stream.length, MAX_SNAPSHOT_BYTES));
    }
    String hash = hash(stream);
    String topic = partition(pipeline, table);
    if (find(connection, topic, hash).isPresent()) {
      return hash;
    }
    try (PartitionProducer producer =
        PartitionProducer.open(
            connection, topic, Optional.empty(), PartitionProducer.Access.SHARED)) {
      publish(producer, table, hash, stream);
    }
    return hash;
  }

  private static void publish(
      PartitionProducer producer, String table, String hash, byte[] stream) {
    int parts = Math.max(1, (stream.length + PART_BYTES - 1) / PART_BYTES);
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int from = part * PART_BYTES;
      int length = Math.min(PART_BYTES, stream.length - from);
      Header header =
          new Header(
              Header.Kind.ROWS,
              "control",
              table,
              0,
              Optional.empty(),
              Map.of(HASH, hash, PART, Integer.toString(part), PARTS, Integer.toString(parts)));
      sent.add(producer.send(header, ByteBuffer.wrap(stream, from, length).slice()));
    }
    try {
      CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw new TransportException("Cannot publish table " + table + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the snapshot {@code hash}, checked against it.
   *
   * @throws TransportException if it is not there or damaged
   */
  public static byte[] load(
      PulsarConnection connection, PipelineId pipeline, String table, String hash)
      throws InterruptedException {
    byte[] stream =
        find(connection, partition(pipeline, table), hash)
            .orElseThrow(
                () ->
                    new TransportException(
                        "Table "
                            + table
                            + " of "
                            + pipeline
                            + " has no snapshot "
                            + hash
                            + "; apply the pipeline again"));
    if (!hash(stream).equals(hash)) {
      throw new TransportException(
          "Snapshot " + hash + " of table " + table + " of " + pipeline + " is damaged");
    }
    return stream;
  }

  private static Optional<byte[]> find(PulsarConnection connection, String topic, String hash)
      throws InterruptedException {
    try (PartitionReader reader =
        PartitionReader.open(connection, topic, new PartitionReader.Start.Earliest())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int next = 0;
      while (reader.hasNext()) {
        Optional<Received> came = reader.next(WAIT_MILLIS);
        if (came.isEmpty()) {
          throw new TransportException(
              topic + " did not answer within " + WAIT_MILLIS / 1000 + " s");
        }
        try (Received message = came.get()) {
          Map<String, String> extra = message.header().extra();
          if (!hash.equals(extra.get(HASH))) {
            continue;
          }
          int part = Integer.parseInt(extra.getOrDefault(PART, "0"));
          if (part == 0) {
            // A publisher that died halfway left parts behind; this one begins anew.
            bytes.reset();
            next = 0;
          }
          if (part != next) {
            continue;
          }
          byte[] payload = new byte[message.payload().remaining()];
          message.payload().get(payload);
          bytes.writeBytes(payload);
          next++;
          if (next == Integer.parseInt(extra.getOrDefault(PARTS, "1"))) {
            return Optional.of(bytes.toByteArray());
          }
        }
      }
      return Optional.empty();
    }
  }

  private static String partition(PipelineId pipeline, String table) {
    return Topics.partition(Topics.table(pipeline, table), 0);
  }
}
