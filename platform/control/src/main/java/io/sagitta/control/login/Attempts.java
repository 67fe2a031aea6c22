package io.sagitta.control.login;

import io.sagitta.service.Buckets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Bounds how often a password may be tried: from one address, for one name from one address, and
 * for one name from everywhere. The last is wide, since it lets anybody shut a person out. Each is
 * a bucket that fills again with time. Thread-safe.
 */
final class Attempts {
  private static final int NETWORK_BYTES = 8;
  private static final int IPV6_BYTES = 16;

  private final Buckets<String> addresses;
  private final Buckets<NameThere> namesThere;
  private final Buckets<String> names;

  /** A name as one network tries it. */
  private record NameThere(String name, String network) {}

  /** Creates one; {@code nanos} is a clock that never goes back. */
  Attempts(LongSupplier nanos) {
    addresses = new Buckets<>(30, Duration.ofSeconds(10), nanos);
    namesThere = new Buckets<>(5, Duration.ofMinutes(1), nanos);
    names = new Buckets<>(100, Duration.ofSeconds(10), nanos);
  }

  /** Returns how long to wait before the next attempt; empty if it may be made, and counts it. */
  synchronized Optional<Duration> take(String name, String address) {
    String network = network(address);
    NameThere there = new NameThere(name, network);
    Duration wait =
        longest(
            addresses.untilNext(network),
            longest(namesThere.untilNext(there), names.untilNext(name)));
    if (!wait.isZero()) {
      return Optional.of(wait);
    }
    boolean taken = addresses.take(network) && namesThere.take(there) && names.take(name);
    return taken ? Optional.empty() : Optional.of(Duration.ofSeconds(1));
  }

  private static Duration longest(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Returns how long to wait before the next attempt whose name is not known before it is made. */
  synchronized Optional<Duration> take(String address) {
    String network = network(address);
    return addresses.take(network) ? Optional.empty() : Optional.of(addresses.untilNext(network));
  }

  /** Gives back the attempt with which a person got in, and those that it took them. */
  synchronized void succeeded(String name, String address) {
    String network = network(address);
    namesThere.fill(new NameThere(name, network));
    addresses.give(network);
    names.give(name);
  }

  /** Gives back the attempt with which somebody got in. */
  synchronized void succeeded(String address) {
    addresses.give(network(address));
  }

  /** An IPv6 host has as many addresses as it likes in its network of 64 bits. */
  private static String network(String address) {
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress();
      return bytes.length == IPV6_BYTES
          ? Arrays.toString(Arrays.copyOf(bytes, NETWORK_BYTES))
          : address;
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
