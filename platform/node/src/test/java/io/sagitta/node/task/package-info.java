/** Tests of what may be acknowledged, and of what is repeated. */
@NullMarked
package io.sagitta.node.task;

import org.jspecify.annotations.NullMarked;
