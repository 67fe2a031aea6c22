/**
 * The doors of a role: who comes in, and what they may do there. Each route declares one question
 * to the policy, {@code Doorkeeper} asks it, and the audit log has the answer.
 */
@NullMarked
package io.sagitta.service.access;

import org.jspecify.annotations.NullMarked;
