package io.sagitta.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The ports of a local platform, all on loopback.
 *
 * @param pulsar Pulsar's binary protocol
 * @param pulsarHttp Pulsar's admin API
 * @param gateway where data comes in and results go out
 * @param gatewayAdmin the gateway's health and metrics
 * @param control the ops API
 * @param controlAdmin control's health and metrics
 * @param nodeAdmin the node's health and metrics
 */
public record HousePorts(
    int pulsar,
    int pulsarHttp,
    int gateway,
    int gatewayAdmin,
    int control,
    int controlAdmin,
    int nodeAdmin) {

  /** The ports that the documentation speaks of. */
  public static final HousePorts DEFAULT = new HousePorts(6650, 8085, 7070, 7071, 7080, 7081, 7091);

  /** Returns ports that nobody uses at present. */
  public static HousePorts free() {
    Set<Integer> ports = new LinkedHashSet<>();
    while (ports.size() < 7) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        ports.add(socket.getLocalPort());
      } catch (IOException e) {
        throw new UncheckedIOException("No free port on loopback", e);
      }
    }
    int[] p = ports.stream().mapToInt(Integer::intValue).toArray();
    return new HousePorts(p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
  }
}
