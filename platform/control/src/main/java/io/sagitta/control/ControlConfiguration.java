package io.sagitta.control;

import io.sagitta.service.ServiceConfiguration;

/** What control's YAML file holds: what every role's does. */
public final class ControlConfiguration extends ServiceConfiguration {
  /** Creates the defaults: port 7080, admin port 7081. */
  public ControlConfiguration() {
    super(7080, 7081);
  }
}
