package io.sagitta.definition.options;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One key of a definition, on the record component that holds its value. A component must be given
 * unless it is an {@code Optional}, a list, a map, has a default, or is a record all of whose
 * options may be left out.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /** What the option is for: one sentence for people, without a full stop. */
  String doc();

  /** A value as written in YAML. */
  String example() default "";

  /**
   * The key; by default the component's name in snake case. A dotted name nests: {@code roll.size}
   * is the key {@code size} inside {@code roll}.
   */
  String name() default "";

  /** What the option is when it is left out, as written in YAML. */
  String defaultValue() default "";

  /** The sibling whose text gives the default, by the type's {@code fromText(String)}. */
  String derivedFrom() default "";

  /** How the value, or each item of a list or map, is written. */
  Syntax syntax() default Syntax.ANY;

  /** How a map's keys are written. */
  Syntax keys() default Syntax.ANY;

  /** Whether a list or map must be there and hold something. */
  boolean required() default false;

  /** The least number. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The greatest number. */
  double max() default Double.POSITIVE_INFINITY;

  /** Whether a number or duration must be over zero. */
  boolean positive() default false;

  /** The choices of an enum that are open here; all of them if empty. */
  String[] choices() default {};

  /** JSON Schema of a value that the reader takes as it is written. */
  String schema() default "";
}
