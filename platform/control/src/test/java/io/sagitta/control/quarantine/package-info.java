/** Tests of what control grants and refuses, without a Pulsar. */
@NullMarked
package io.sagitta.control.quarantine;

import org.jspecify.annotations.NullMarked;
