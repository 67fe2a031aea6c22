/** The audit log: who did what to which object, when and from where, allowed or denied. */
@NullMarked
package io.sagitta.service.audit;

import org.jspecify.annotations.NullMarked;
