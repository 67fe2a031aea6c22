/**
 * Who may reach which topics: what it should be, what Pulsar has, and how the one becomes the
 * other.
 */
@NullMarked
package io.sagitta.control.grants;

import org.jspecify.annotations.NullMarked;
