package io.sagitta.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InsideAddressesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "224.0.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "::1",
        "::",
        "fe80::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::1"
      })
  void inside(String address) throws Exception {
    assertThat(InsideAddresses.contain(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.7", "203.0.113.9", "2001:db8::1", "64:ff9b::c000:207"})
  void outside(String address) throws Exception {
    assertThat(InsideAddresses.contain(InetAddress.getByName(address))).isFalse();
  }

  @Test
  void addressesOfThisMachine_areInside() throws Exception {
    for (NetworkInterface own : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      List<InetAddress> addresses = Collections.list(own.getInetAddresses());
      assertThat(addresses).allMatch(InsideAddresses::contain);
    }
  }
}
