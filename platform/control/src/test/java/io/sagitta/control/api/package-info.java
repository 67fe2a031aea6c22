/** Tests of what describes the ops API. */
@NullMarked
package io.sagitta.control.api;

import org.jspecify.annotations.NullMarked;
