/** Knocks at the doors of a small real role, with certificates and tokens, good and bad. */
@NullMarked
package io.sagitta.service.access;

import org.jspecify.annotations.NullMarked;
