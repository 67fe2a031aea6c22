package io.sagitta.control.api;

import java.util.List;

/**
 * The sessions of a person.
 *
 * @param person whose
 * @param sessions the oldest first
 */
public record SessionList(String person, List<SessionLine> sessions) {
  public SessionList {
    sessions = List.copyOf(sessions);
  }
}
