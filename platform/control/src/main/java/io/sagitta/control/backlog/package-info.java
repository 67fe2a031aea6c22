/** How much may wait in front of a pipeline's tasks, and what holds ingest when it is more. */
@NullMarked
package io.sagitta.control.backlog;

import org.jspecify.annotations.NullMarked;
