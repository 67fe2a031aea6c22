/** Writes audit logs, breaks them, and looks whether that is found. */
@NullMarked
package io.sagitta.service.audit;

import org.jspecify.annotations.NullMarked;
