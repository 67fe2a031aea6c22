/** Tests of how people log in. */
@NullMarked
package io.sagitta.control.login;

import org.jspecify.annotations.NullMarked;
