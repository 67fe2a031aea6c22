/** Tests of what waits. */
@NullMarked
package io.sagitta.control.backlog;

import org.jspecify.annotations.NullMarked;
