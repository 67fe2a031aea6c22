/** What tenants are let send, without a gateway. */
@NullMarked
package io.sagitta.gateway.ingest;

import org.jspecify.annotations.NullMarked;
