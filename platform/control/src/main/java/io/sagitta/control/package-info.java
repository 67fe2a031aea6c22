/** The control role: desired state, plans, status. */
@NullMarked
package io.sagitta.control;

import org.jspecify.annotations.NullMarked;
