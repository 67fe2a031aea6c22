/** Tests of what control grants and refuses, without a Pulsar. */
@NullMarked
package io.sagitta.control.apply;

import org.jspecify.annotations.NullMarked;
