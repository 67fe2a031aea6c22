/** What readers' cursors hold, and what any bytes from outside do to the parsers. */
@NullMarked
package io.sagitta.gateway.streams;

import org.jspecify.annotations.NullMarked;
