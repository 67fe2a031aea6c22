/** From a request to a new revision: checks, comparison with what runs, topics, tables. */
@NullMarked
package io.sagitta.control.apply;

import org.jspecify.annotations.NullMarked;
