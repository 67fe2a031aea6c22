/** A whole platform as child processes on this machine, and how its users speak to it. */
@NullMarked
package io.sagitta.house;

import org.jspecify.annotations.NullMarked;
