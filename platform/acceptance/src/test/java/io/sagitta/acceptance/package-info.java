/** The whole house, on a real Pulsar, as its users meet it. */
@NullMarked
package io.sagitta.acceptance;

import org.jspecify.annotations.NullMarked;
