package io.sagitta.control.api;

import java.util.List;

/** The classes that answer requests: the ops API. Control registers one object of each. */
public final class Resources {
  /** All of them. */
  public static final List<Class<?>> ALL =
      List.of(
          PipelineResource.class,
          PlanResource.class,
          TapResource.class,
          QuarantineResource.class,
          SecurityResource.class,
          TokenResource.class,
          SessionResource.class,
          SessionsResource.class,
          OidcResource.class,
          OpenApiResource.class);

  private Resources() {}

  /**
   * Returns {@code resources} if they are one of each class.
   *
   * @throws IllegalStateException if one is missing or not described
   */
  public static List<Object> complete(Object... resources) {
    List<Object> given = List.of(resources);
    if (!given.stream().map(Object::getClass).toList().equals(ALL)) {
      throw new IllegalStateException("Register one each of " + ALL);
    }
    return given;
  }
}
