/** Real faults on a platform of real processes, and the check that no row was lost or repeated. */
@NullMarked
package io.sagitta.torture;

import org.jspecify.annotations.NullMarked;
