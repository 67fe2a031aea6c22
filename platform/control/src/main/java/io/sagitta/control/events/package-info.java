/** What happened to pipelines, kept in memory for those who ask. */
@NullMarked
package io.sagitta.control.events;

import org.jspecify.annotations.NullMarked;
