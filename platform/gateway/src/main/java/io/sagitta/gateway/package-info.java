/** The gateway role: ingest and results over HTTP and WebSocket. */
@NullMarked
package io.sagitta.gateway;

import org.jspecify.annotations.NullMarked;
