/** Serves published streams: latest rows, rows from a cursor on, long poll and WebSocket. */
@NullMarked
package io.sagitta.gateway.streams;

import org.jspecify.annotations.NullMarked;
