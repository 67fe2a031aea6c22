/** Tests of what a node is as a process. */
@NullMarked
package io.sagitta.node;

import org.jspecify.annotations.NullMarked;
