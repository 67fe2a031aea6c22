/** Which pipelines there are, and what they read and publish. */
@NullMarked
package io.sagitta.gateway.catalog;

import org.jspecify.annotations.NullMarked;
