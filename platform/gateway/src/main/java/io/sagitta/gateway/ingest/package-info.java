/** Takes rows that clients POST, and answers once Pulsar has them. */
@NullMarked
package io.sagitta.gateway.ingest;

import org.jspecify.annotations.NullMarked;
