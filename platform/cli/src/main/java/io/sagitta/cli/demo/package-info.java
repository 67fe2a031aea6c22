/** The demo's flights, and how its results are held against plain DuckDB. */
@NullMarked
package io.sagitta.cli.demo;

import org.jspecify.annotations.NullMarked;
