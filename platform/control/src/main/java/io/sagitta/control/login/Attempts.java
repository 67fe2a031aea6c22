package io.sagitta.control.login;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Bounds how often a password may be tried: from one address, for one name from one address, and
 * for one name from everywhere. The last is wide, since it lets anybody shut a person out. Each is
 * a bucket that fills again with time. Thread-safe.
 */
final class Attempts {
  private static final int MOST_BUCKETS = 20_000;
  private static final int NETWORK_BYTES = 8;
  private static final int IPV6_BYTES = 16;

  /** What is bounded: so many at once, then one in each interval. */
  private enum Bound {
    ADDRESS(30, Duration.ofSeconds(10)),
    NAME_THERE(5, Duration.ofMinutes(1)),
    NAME(100, Duration.ofSeconds(10));

    private final int most;
    private final long intervalNanos;

    Bound(int most, Duration interval) {
      this.most = most;
      this.intervalNanos = interval.toNanos();
    }
  }

  private record Key(Bound bound, String what) {}

  /** How much was in a bucket, and when. */
  private record Bucket(double left, long nanos) {}

  private final LongSupplier nanos;
  private final Map<Key, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Bucket> eldest) {
          return size() > MOST_BUCKETS;
        }
      };

  /** Creates one; {@code nanos} is a clock that never goes back. */
  Attempts(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Returns how long to wait before the next attempt; empty if it may be made, and counts it. */
  synchronized Optional<Duration> take(String name, String address) {
    return take(keys(name, network(address)));
  }

  /** Returns how long to wait before the next attempt whose name is not known before it is made. */
  synchronized Optional<Duration> take(String address) {
    return take(new Key(Bound.ADDRESS, network(address)));
  }

  private Optional<Duration> take(Key... keys) {
    for (Key key : keys) {
      double left = left(key);
      if (left < 1) {
        return Optional.of(Duration.ofNanos((long) ((1 - left) * key.bound().intervalNanos)));
      }
    }
    for (Key key : keys) {
      buckets.put(key, new Bucket(left(key) - 1, nanos.getAsLong()));
    }
    return Optional.empty();
  }

  /** Gives back the attempt with which a person got in, and those that it took them. */
  synchronized void succeeded(String name, String address) {
    for (Key key : keys(name, network(address))) {
      if (key.bound() == Bound.NAME_THERE) {
        buckets.remove(key);
      } else {
        buckets.put(key, new Bucket(left(key) + 1, nanos.getAsLong()));
      }
    }
  }

  /** Gives back the attempt with which somebody got in. */
  synchronized void succeeded(String address) {
    Key key = new Key(Bound.ADDRESS, network(address));
    buckets.put(key, new Bucket(left(key) + 1, nanos.getAsLong()));
  }

  private static Key[] keys(String name, String network) {
    return new Key[] {
      new Key(Bound.ADDRESS, network),
      new Key(Bound.NAME_THERE, name + " " + network),
      new Key(Bound.NAME, name)
    };
  }

  private double left(Key key) {
    Bucket bucket = buckets.get(key);
    return bucket == null
        ? key.bound().most
        : Math.min(
            key.bound().most,
            bucket.left()
                + (nanos.getAsLong() - bucket.nanos()) / (double) key.bound().intervalNanos);
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
