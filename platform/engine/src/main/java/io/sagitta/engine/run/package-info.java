/** Runs the chains of a plan: DuckDB for the queries, Arrow batches in and out, no clock. */
@NullMarked
package io.sagitta.engine.run;

import org.jspecify.annotations.NullMarked;
