/** Boots a small real role and asks it over HTTP. */
@NullMarked
package io.sagitta.service;

import org.jspecify.annotations.NullMarked;
