package io.sagitta.definition.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A type written as one text, which its static {@code Optional<T> parse(String)} reads. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Written {
  /** What it is and how it is written, such as {@code a type such as int32}. */
  String words();

  /** A regular expression that matches what is accepted. */
  String pattern();
}
