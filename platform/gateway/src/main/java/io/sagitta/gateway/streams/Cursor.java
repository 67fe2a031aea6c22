package io.sagitta.gateway.streams;

import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.transport.Position;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/**
 * How far a reader of a stream has come: a place in each partition. Its text is opaque to clients,
 * and holds all that is needed to go on at any gateway at any time.
 *
 * @param places by partition
 */
record Cursor(List<Place> places) {
  private static final byte VERSION = 1;
  private static final int FINGERPRINT_BYTES = 8;
  private static final int MAX_PARTITIONS = 4096;

  Cursor {
    places = List.copyOf(places);
  }

  /**
   * A place in one partition.
   *
   * @param message the last message that was read, wholly or in part
   * @param row how many of its rows were read; {@link #ALL} if all
   */
  record Place(Position message, int row) {
    static final int ALL = -1;

    /** Before the oldest message. */
    static final Place START = new Place(new Position(-1, -1), ALL);

    boolean isStart() {
      return message.ledger() < 0;
    }

    boolean isWhole() {
      return row == ALL;
    }
  }

  /** Returns the cursor before everything that is kept. */
  static Cursor start(int partitions) {
    return new Cursor(java.util.Collections.nCopies(partitions, Place.START));
  }

  /** Returns the text for clients. */
  String text(String stream) {
    ByteBuffer bytes = ByteBuffer.allocate(64 + places.size() * 25);
    bytes.put(VERSION).put(fingerprint(stream));
    varint(places.size(), bytes);
    for (Place place : places) {
      varint(place.message().ledger() + 1, bytes);
      varint(place.message().entry() + 1, bytes);
      varint(place.row() + 1, bytes);
    }
    bytes.putInt(checksum(bytes.array(), bytes.position()));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
  }

  /**
   * Reads a cursor of {@code stream} back.
   *
   * @param partitions how many the stream has now; new ones are read from their start
   * @throws ProblemException 400 if it is damaged or another stream's
   */
  static Cursor parse(String text, String stream, int partitions) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw bad("it is damaged");
    }
    int end = bytes.length - Integer.BYTES;
    if (end < 1 + FINGERPRINT_BYTES || ByteBuffer.wrap(bytes).getInt(end) != checksum(bytes, end)) {
      throw bad("it is damaged");
    } else if (bytes[0] != VERSION) {
      throw bad("it is of another version");
    } else if (!Arrays.equals(
        fingerprint(stream), Arrays.copyOfRange(bytes, 1, 1 + FINGERPRINT_BYTES))) {
      throw bad("it belongs to another stream");
    }
    List<Place> places = places(ByteBuffer.wrap(bytes, 1 + FINGERPRINT_BYTES, end - 9).slice());
    if (places.size() > partitions) {
      throw bad("it is of a time when the stream had " + places.size() + " partitions");
    }
    while (places.size() < partitions) {
      places.add(Place.START);
    }
    return new Cursor(places);
  }

  private static List<Place> places(ByteBuffer bytes) {
    try {
      long count = varint(bytes);
      if (count < 0 || count > MAX_PARTITIONS) {
        throw bad("it is damaged");
      }
      List<Place> places = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Position message = new Position(number(bytes), number(bytes));
        places.add(new Place(message, Math.toIntExact(number(bytes))));
      }
      return places;
    } catch (BufferUnderflowException | ArithmeticException e) {
      throw bad("it is damaged");
    }
  }

  /** Reads a number that was written with one added, and is -1 at least. */
  private static long number(ByteBuffer bytes) {
    long written = varint(bytes);
    if (written < 0) {
      throw new ArithmeticException("negative");
    }
    return written - 1;
  }

  private static ProblemException bad(String why) {
    return Problem.of(
            400,
            "bad-cursor",
            "Bad cursor",
            "This cursor cannot be used: %s. Use one that this stream gave, or none to start with the"
                    .formatted(why)
                + " oldest rows, or 'latest' for new ones only.")
        .exception();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static byte[] fingerprint(String stream) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(stream.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(hash, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static void varint(long value, ByteBuffer out) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = in.get();
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new ArithmeticException("too long");
  }
}
