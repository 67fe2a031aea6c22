/**
 * A real Pulsar server as a child process of ours: where its jars are, how it is configured,
 * started, found ready and stopped. Starts processes only; none of the server's jars is on this
 * room's class path when it runs. {@code PlatformTokens} is the exception that runs inside the
 * server.
 */
@NullMarked
package io.sagitta.pulsar;

import org.jspecify.annotations.NullMarked;
