package io.sagitta.cli;

import io.sagitta.house.HousePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The ports of the demo. */
final class DemoPorts {
  @Option(
      names = "--gateway-port",
      paramLabel = "PORT",
      description = "Where data comes in and results go out (default: ${DEFAULT-VALUE}).")
  private int gateway = HousePorts.DEFAULT.gateway();

  @Option(
      names = "--gateway-admin-port",
      paramLabel = "PORT",
      description = "The gateway's health and metrics (default: ${DEFAULT-VALUE}).")
  private int gatewayAdmin = HousePorts.DEFAULT.gatewayAdmin();

  @Option(
      names = "--control-port",
      paramLabel = "PORT",
      description = "The ops API (default: ${DEFAULT-VALUE}).")
  private int control = HousePorts.DEFAULT.control();

  @Option(
      names = "--control-admin-port",
      paramLabel = "PORT",
      description = "Control's health and metrics (default: ${DEFAULT-VALUE}).")
  private int controlAdmin = HousePorts.DEFAULT.controlAdmin();

  @Option(
      names = "--node-admin-port",
      paramLabel = "PORT",
      description = "The node's health and metrics (default: ${DEFAULT-VALUE}).")
  private int nodeAdmin = HousePorts.DEFAULT.nodeAdmin();

  @Option(
      names = "--pulsar-port",
      paramLabel = "PORT",
      description = "Pulsar's binary protocol (default: ${DEFAULT-VALUE}).")
  private int pulsar = HousePorts.DEFAULT.pulsar();

  @Option(
      names = "--pulsar-http-port",
      paramLabel = "PORT",
      description = "Pulsar's admin API (default: ${DEFAULT-VALUE}).")
  private int pulsarHttp = HousePorts.DEFAULT.pulsarHttp();

  /** Returns the ports, all free; else fails and says which option gives another one. */
  HousePorts checked() {
    Map<String, Integer> byOption = new LinkedHashMap<>();
    byOption.put("--pulsar-port", pulsar);
    byOption.put("--pulsar-http-port", pulsarHttp);
    byOption.put("--gateway-port", gateway);
    byOption.put("--gateway-admin-port", gatewayAdmin);
    byOption.put("--control-port", control);
    byOption.put("--control-admin-port", controlAdmin);
    byOption.put("--node-admin-port", nodeAdmin);
    Map<Integer, String> seen = new LinkedHashMap<>();
    byOption.forEach(
        (option, port) -> {
          String other = seen.put(port, option);
          if (other != null) {
            throw CommandFailure.usage(
                other + " and " + option + " are both " + port + "; they must differ.");
          }
          if (!free(port)) {
            throw CommandFailure.failed(
                "Port "
                    + port
                    + " is taken on this machine. Stop what uses it, perhaps another demo, or give"
                    + " another one by "
                    + option
                    + " PORT.");
          }
        });
    return new HousePorts(
        pulsar, pulsarHttp, gateway, gatewayAdmin, control, controlAdmin, nodeAdmin);
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
