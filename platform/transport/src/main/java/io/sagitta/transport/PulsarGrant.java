package io.sagitta.transport;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What one role may do to one namespace or topic. There is no other way to be let at a topic than
 * such a grant, but to be a superuser.
 *
 * @param object a namespace, {@code tenant/pipeline}, or a topic with its scheme, without the
 *     number of a partition
 * @param role as a certificate or token proves it
 * @param rights at least one
 */
public record PulsarGrant(String object, String role, Set<Right> rights)
    implements Comparable<PulsarGrant> {

  /** What can be granted; administration cannot. */
  public enum Right {
    PRODUCE,
    CONSUME
  }

  public PulsarGrant {
    if (rights.isEmpty()) {
      throw new IllegalArgumentException("A grant of nothing to " + role + " on " + object);
    }
    rights = Set.copyOf(rights);
  }

  /** Returns a grant of {@code first} and {@code others}. */
  public static PulsarGrant of(String object, String role, Right first, Right... others) {
    return new PulsarGrant(object, role, EnumSet.of(first, others));
  }

  /** Returns whether it is on a single topic. */
  public boolean isOnTopic() {
    return object.contains("://");
  }

  /** Returns the namespace that it is in. */
  public String namespace() {
    return isOnTopic()
        ? object.substring(object.indexOf("://") + 3, object.lastIndexOf('/'))
        : object;
  }

  @Override
  public int compareTo(PulsarGrant other) {
    int byObject = object.compareTo(other.object);
    return byObject != 0 ? byObject : role.compareTo(other.role);
  }

  /** Returns it as a line for people, such as {@code gateway may consume persistent://…}. */
  @Override
  public String toString() {
    String words =
        EnumSet.copyOf(rights).stream()
            .map(right -> right.name().toLowerCase(Locale.ROOT))
            .reduce((a, b) -> a + " and " + b)
            .orElse("");
    return role + " may " + words + (isOnTopic() ? " " : " in ") + object;
  }
}
