package io.sagitta.service.access;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares what a caller must be allowed to do for a route to answer. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Allowed {
  /**
   * As {@link #to}: a list, which shows what its caller may do {@link #action} to, and nothing
   * else.
   */
  String EACH = "*each*";

  /** As {@link #to}: what the body names, so that the method itself asks {@link Visit#require}. */
  String BODY = "*body*";

  /** The policy's word for what is done, such as {@code view}. */
  String action();

  /** To what: its name made of the path's parameters, {@link #EACH} or {@link #BODY}. */
  String to();
}
