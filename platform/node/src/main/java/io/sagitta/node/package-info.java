/** The node role: runs tasks. */
@NullMarked
package io.sagitta.node;

import org.jspecify.annotations.NullMarked;
