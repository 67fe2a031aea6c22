/** Tests of grants. */
@NullMarked
package io.sagitta.control.grants;

import org.jspecify.annotations.NullMarked;
