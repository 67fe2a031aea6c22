/** How people log in at control, and how often they may try. */
@NullMarked
package io.sagitta.control.login;

import org.jspecify.annotations.NullMarked;
