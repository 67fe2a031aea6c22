/** What the three roles share: configuration, metrics, health and problem replies. */
@NullMarked
package io.sagitta.service;

import org.jspecify.annotations.NullMarked;
