package io.sagitta.definition.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A record around a list of records that is written as a mapping, its keys being a component. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KeyedBy {
  /** The items' component that the keys are. */
  String value();
}
