package io.sagitta.node;

import io.sagitta.service.Role;

/** Starts a node. */
public final class NodeMain {
  private NodeMain() {}

  /**
   * Runs a node until the process is asked to end.
   *
   * @param arguments the configuration file
   */
  public static void main(String... arguments) {
    Role.main(new NodeRole(), arguments);
  }
}
