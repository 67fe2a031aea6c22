/** Pipeline definitions: YAML text becomes immutable records, or a list of problems. */
@NullMarked
package io.sagitta.definition;

import org.jspecify.annotations.NullMarked;
