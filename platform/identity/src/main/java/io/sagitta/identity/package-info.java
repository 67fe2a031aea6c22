/**
 * Who one is, and how it is proven: identities, the certificates and tokens that prove them, and
 * the keys these stand on. It decides nothing about what anybody may do, and knows no Pulsar and no
 * HTTP.
 */
@NullMarked
package io.sagitta.identity;

import org.jspecify.annotations.NullMarked;
