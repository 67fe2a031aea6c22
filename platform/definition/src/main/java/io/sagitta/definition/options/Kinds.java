package io.sagitta.definition.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A sealed interface whose permitted records are the kinds of something. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Kinds {
  /** What each of them is, in one word. */
  String noun();

  /** How the file tells them apart. */
  By by() default By.TYPE;

  /** How a file tells kinds apart. */
  enum By {
    /** By the value of the key {@code type}. */
    TYPE,
    /** By a key that is called like the kind. */
    KEY
  }
}
