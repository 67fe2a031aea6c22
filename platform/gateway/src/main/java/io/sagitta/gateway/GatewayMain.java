package io.sagitta.gateway;

import io.sagitta.service.Role;

/** Starts the gateway. */
public final class GatewayMain {
  private GatewayMain() {}

  /** Runs the gateway with the YAML file in {@code arguments}. */
  public static void main(String[] arguments) {
    Role.main(new GatewayRole(), arguments);
  }
}
