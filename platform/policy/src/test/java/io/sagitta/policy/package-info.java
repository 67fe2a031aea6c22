/** Tests of the policy, from its files to its answers. */
@NullMarked
package io.sagitta.policy;

import org.jspecify.annotations.NullMarked;
