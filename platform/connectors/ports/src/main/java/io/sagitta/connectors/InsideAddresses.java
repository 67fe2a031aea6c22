package io.sagitta.connectors;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;

/**
 * Addresses where services trust whoever reaches them: this machine itself, its link, and the
 * places where clouds keep the credentials of their machines. A connector reaches them only if a
 * rule of the policy says so.
 */
public final class InsideAddresses {
  /** IPv6 prefixes that carry an IPv4 address in what follows: NAT64, and 6to4 from byte 2 on. */
  private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

  /** Metadata services outside the link-local range: Amazon's IPv6, Alibaba's, Azure's. */
  private static final List<byte[]> METADATA =
      List.of(
          new byte[] {(byte) 0xfd, 0, 0x0e, (byte) 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54},
          new byte[] {100, 100, 100, (byte) 200},
          new byte[] {(byte) 168, 63, (byte) 129, 16});

  private InsideAddresses() {}

  /** Returns whether {@code address} is one of them. */
  public static boolean contain(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || isMetadata(address.getAddress())
        || carriesInside(address.getAddress())
        || isOwn(address);
  }

  private static boolean isMetadata(byte[] address) {
    return METADATA.stream().anyMatch(known -> Arrays.equals(known, address))
        // The whole of 0.0.0.0/8 is this network, and on some systems this machine.
        || (address.length == 4 && address[0] == 0);
  }

  private static boolean carriesInside(byte[] address) {
    if (address.length != 16) {
      return false;
    }
    if (Arrays.equals(address, 0, NAT64.length, NAT64, 0, NAT64.length)
        || isZero(Arrays.copyOf(address, 12))) {
      return contain(ipv4(address, 12));
    }
    return address[0] == 0x20 && address[1] == 0x02 && contain(ipv4(address, 2));
  }

  private static boolean isZero(byte[] bytes) {
    return Arrays.equals(bytes, new byte[bytes.length]);
  }

  private static InetAddress ipv4(byte[] address, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address, from, from + 4));
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }

  private static boolean isOwn(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      // Who cannot tell does not let it pass.
      return true;
    }
  }
}
