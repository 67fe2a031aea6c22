/** Tests of what may be acknowledged and what is repeated, by cases and by seeded interleavings. */
@NullMarked
package io.sagitta.node.task;

import org.jspecify.annotations.NullMarked;
