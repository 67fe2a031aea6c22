/**
 * Who may do what: the files in {@code security/} become a policy, or a list of problems, and the
 * policy answers questions. Knows no network, no clock and no Pulsar.
 */
@NullMarked
package io.sagitta.policy;

import org.jspecify.annotations.NullMarked;
