/** What tasks report, summed up by stage and set against what shall run. */
@NullMarked
package io.sagitta.control.status;

import org.jspecify.annotations.NullMarked;
