package io.sagitta.transport;

import java.nio.ByteBuffer;

/**
 * One message as it came. Its payload is valid until it is closed.
 *
 * @param position where it stands in its partition
 * @param publishedMillis when the broker's client published it, milliseconds since 1970
 * @param payload what {@link Header#kind()} says
 * @param release gives the payload's memory back
 */
public record Received(
    Position position, long publishedMillis, Header header, ByteBuffer payload, Runnable release)
    implements AutoCloseable {
  @Override
  public void close() {
    release.run();
  }
}
