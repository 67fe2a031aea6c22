/** The policy in force and the keys of tokens, as control keeps and hands them out. */
@NullMarked
package io.sagitta.control.security;

import org.jspecify.annotations.NullMarked;
