package io.sagitta.definition.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A record that is one of the kinds of a sealed interface; its {@code permits} registers it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Kind {
  /** The kind's name, as written in YAML. */
  String value();

  /** What the kind is: sentences for people. */
  String doc();

  /** A whole example in YAML. */
  String example();
}
