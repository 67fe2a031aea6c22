/** Tests of the control role, booted as it runs, on a real Pulsar. */
@NullMarked
package io.sagitta.control;

import org.jspecify.annotations.NullMarked;
