/** The ops API over HTTP. */
@NullMarked
package io.sagitta.control.api;

import org.jspecify.annotations.NullMarked;
