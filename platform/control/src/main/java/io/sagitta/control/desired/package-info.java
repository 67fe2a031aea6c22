/** What shall run, and who may say so. */
@NullMarked
package io.sagitta.control.desired;

import org.jspecify.annotations.NullMarked;
