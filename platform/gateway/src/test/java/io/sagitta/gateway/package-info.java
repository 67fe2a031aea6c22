/** Boots real gateways on a real Pulsar and asks them over HTTP and WebSocket. */
@NullMarked
package io.sagitta.gateway;

import org.jspecify.annotations.NullMarked;
