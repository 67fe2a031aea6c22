/** Attacks on a locked platform of processes: what docs/security.md calls abuse cases. */
@NullMarked
package io.sagitta.acceptance.attack;

import org.jspecify.annotations.NullMarked;
