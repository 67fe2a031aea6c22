package io.sagitta.transport;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A message that others wrote.
 *
 * @param position where it stands in its partition
 * @param published when its producer sent it, by the producer's clock; the same for every reader
 * @param payload the reader's own copy
 */
public record ForeignMessage(ForeignPosition position, Instant published, ByteBuffer payload) {}
