/** Sources, tables and sinks in files. */
@NullMarked
package io.sagitta.connectors.file;

import org.jspecify.annotations.NullMarked;
