package io.sagitta.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;

/** Who there is, and who is in which group. */
final class Directory {
  private final Map<String, Subject> subjects;
  private final Map<String, List<String>> groupsOf = new HashMap<>();

  /**
   * Creates the directory.
   *
   * @param members of each group, by its name; no group is in itself, however far down
   */
  Directory(Map<String, Subject> subjects, Map<String, List<String>> members) {
    this.subjects = new TreeMap<>(subjects);
    members.forEach(
        (group, names) ->
            names.forEach(
                name -> groupsOf.computeIfAbsent(name, key -> new ArrayList<>()).add(group)));
  }

  /** Returns whether {@code subject} is known, as what it says it is. */
  boolean knows(Subject subject) {
    return subject instanceof Subject.Pipeline || subject.equals(subjects.get(subject.name()));
  }

  /** Returns people, services and groups by name. */
  Map<String, Subject> subjects() {
    return subjects;
  }

  /**
   * Returns the names that stand for {@code subject}: its own, and those of its groups with the
   * groups that lead there.
   */
  Map<String, List<String>> namesFor(Subject subject) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    found.put(subject.name(), List.of());
    Queue<String> open = new ArrayDeque<>(List.of(subject.name()));
    while (!open.isEmpty()) {
      String name = open.remove();
      for (String group : groupsOf.getOrDefault(name, List.of())) {
        if (!found.containsKey(group)) {
          List<String> through = new ArrayList<>(found.getOrDefault(name, List.of()));
          through.add(group);
          found.put(group, through);
          open.add(group);
        }
      }
    }
    return found;
  }
}
