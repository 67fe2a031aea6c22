/** Tests of desired state and of what watches it. */
@NullMarked
package io.sagitta.control.desired;

import org.jspecify.annotations.NullMarked;
