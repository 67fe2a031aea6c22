/**
 * Feeders: what brings rows of pull sources into their topics. From there on they are like rows
 * that clients posted.
 */
@NullMarked
package io.sagitta.node.feed;

import org.jspecify.annotations.NullMarked;
