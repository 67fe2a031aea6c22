package io.sagitta.service.access;

import io.sagitta.identity.Identity;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares that a route answers one of the platform's own processes, and nobody else. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Machines {
  /** Which one. */
  Identity.Machine value();
}
