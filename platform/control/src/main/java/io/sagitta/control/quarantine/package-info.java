/** Rows in quarantine: browsing them, sending them back, and stopping where there are too many. */
@org.jspecify.annotations.NullMarked
package io.sagitta.control.quarantine;
