/**
 * How options are declared on records, read from YAML, and described: one declaration feeds the
 * reader, the JSON Schema and the reference page.
 */
@NullMarked
package io.sagitta.definition.options;

import org.jspecify.annotations.NullMarked;
