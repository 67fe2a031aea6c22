/** YAML text as a tree whose every node knows its place. Knows nothing of pipelines. */
@NullMarked
package io.sagitta.definition.yaml;

import org.jspecify.annotations.NullMarked;
