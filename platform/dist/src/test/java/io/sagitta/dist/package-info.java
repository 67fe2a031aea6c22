/** What is checked of the distribution itself. */
@NullMarked
package io.sagitta.dist;

import org.jspecify.annotations.NullMarked;
