/** From a definition to a plan: chains, schemas and queries, or every reason why not. */
@NullMarked
package io.sagitta.engine.plan;

import org.jspecify.annotations.NullMarked;
