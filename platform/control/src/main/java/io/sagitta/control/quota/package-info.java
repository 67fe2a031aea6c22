/** What a tenant has of the platform, held against its quota, and what happens beyond. */
@NullMarked
package io.sagitta.control.quota;

import org.jspecify.annotations.NullMarked;
