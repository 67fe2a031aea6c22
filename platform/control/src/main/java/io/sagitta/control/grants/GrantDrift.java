package io.sagitta.control.grants;

import io.sagitta.transport.PulsarGrant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * How what Pulsar grants differs from what it should.
 *
 * @param lacking grants to set, also where a role has other rights than it should
 * @param surplus grants that nothing asks for, to take away
 */
public record GrantDrift(NavigableSet<PulsarGrant> lacking, NavigableSet<PulsarGrant> surplus) {
  public GrantDrift {
    lacking = new TreeSet<>(lacking);
    surplus = new TreeSet<>(surplus);
  }

  private record Place(String object, String role) {
    static Place of(PulsarGrant grant) {
      return new Place(grant.object(), grant.role());
    }
  }

  /** Returns what has to be done for {@code there} to become {@code due}. */
  static GrantDrift between(Collection<PulsarGrant> due, Collection<PulsarGrant> there) {
    Map<Place, PulsarGrant> has = new HashMap<>();
    there.forEach(grant -> has.put(Place.of(grant), grant));
    NavigableSet<PulsarGrant> lacking = new TreeSet<>();
    for (PulsarGrant grant : due) {
      PulsarGrant known = has.remove(Place.of(grant));
      if (!grant.equals(known)) {
        lacking.add(grant);
      }
    }
    return new GrantDrift(lacking, new TreeSet<>(has.values()));
  }

  /** Returns whether Pulsar grants what it should and nothing else. */
  public boolean isNone() {
    return lacking.isEmpty() && surplus.isEmpty();
  }

  /**
   * Returns a line for each difference, {@code +} for what lacks and {@code -} for what is more.
   */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    surplus.forEach(grant -> lines.add("- " + grant));
    lacking.forEach(grant -> lines.add("+ " + grant));
    return lines;
  }
}
