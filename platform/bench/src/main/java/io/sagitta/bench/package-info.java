/** Measures the engine, a hop and the whole platform beside what they stand on, in one run. */
@NullMarked
package io.sagitta.bench;

import org.jspecify.annotations.NullMarked;
