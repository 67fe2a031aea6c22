/** Sinks and tables in PostgreSQL and in DuckDB files, over JDBC. */
@NullMarked
package io.sagitta.connectors.jdbc;

import org.jspecify.annotations.NullMarked;
