package io.sagitta.policy;

import io.sagitta.definition.options.Nearest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the directory of all files that say who there is, and checks its groups. */
final class SubjectReader {
  private static final int DEEPEST = 8;

  private final List<PolicyDocument> documents;
  private final boolean allRead;
  private final Map<String, Subject> subjects = new LinkedHashMap<>();
  private final Map<String, String> places = new HashMap<>();
  private final Map<String, List<String>> members = new LinkedHashMap<>();
  private final Map<String, PolicyDocument> fileOf = new HashMap<>();

  /**
   * Creates a reader.
   *
   * @param allRead whether no file was given up, so that a name that is not here is nowhere
   */
  SubjectReader(List<PolicyDocument> documents, boolean allRead) {
    this.documents = documents;
    this.allRead = allRead;
  }

  Directory read() {
    for (PolicyDocument document : documents) {
      document.names("people").forEach(n -> add(document, "people", new Subject.Person(n)));
      document.names("services").forEach(n -> add(document, "services", new Subject.Service(n)));
      document.names("groups").forEach(n -> addGroup(document, new Subject.Group(n)));
    }
    members.forEach(this::checkMembers);
    checkNesting();
    return new Directory(subjects, members);
  }

  private boolean add(PolicyDocument document, String section, Subject subject) {
    String path = section + "." + subject.name();
    String other = places.putIfAbsent(subject.name(), document.place(path));
    if (other != null) {
      document.error(
          path,
          "'%s' is in %s already: people, services and groups share one namespace, so that a rule"
              + " means one of them. Give one another name",
          subject.name(),
          other);
      return false;
    }
    if (subject.name().equals(Resource.Platform.NAME)) {
      document.error(path, "the name 'platform' is kept. Choose another one");
    }
    subjects.put(subject.name(), subject);
    return true;
  }

  private void addGroup(PolicyDocument document, Subject.Group group) {
    if (add(document, "groups", group)) {
      fileOf.put(group.name(), document);
      members.put(
          group.name(),
          document
              .value("groups." + group.name(), SubjectsFile.GroupKeys.class)
              .map(SubjectsFile.GroupKeys::members)
              .orElse(List.of()));
    }
  }

  private void checkMembers(String group, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (!isKnown(names.get(i))) {
        fileOf(group)
            .error(
                "groups." + group + ".members[" + i + "]",
                "there is no person, service or group '%s'.%s",
                names.get(i),
                near(names.get(i)));
      }
    }
  }

  /** Takes away groups whose members are all settled, level by level; what stays is in a cycle. */
  private void checkNesting() {
    Map<String, Set<String>> open = new LinkedHashMap<>();
    members.forEach(
        (group, names) -> {
          Set<String> inner = new HashSet<>(names);
          inner.retainAll(members.keySet());
          open.put(group, inner);
        });
    Map<String, List<String>> holders = new HashMap<>();
    open.forEach(
        (group, inner) ->
            inner.forEach(i -> holders.computeIfAbsent(i, k -> new ArrayList<>()).add(group)));
    List<String> level = open.keySet().stream().filter(g -> isSettled(open, g)).toList();
    level.forEach(open::remove);
    for (int depth = 2; !level.isEmpty(); depth++) {
      List<String> next = new ArrayList<>();
      for (String settled : level) {
        for (String holder : holders.getOrDefault(settled, List.of())) {
          Set<String> inner = open.getOrDefault(holder, Set.of());
          if (inner.remove(settled) && inner.isEmpty()) {
            open.remove(holder);
            next.add(holder);
          }
        }
      }
      if (depth == DEEPEST + 1) {
        next.forEach(
            g ->
                fileOf(g)
                    .error(
                        "groups." + g,
                        "groups nest more than %d deep below '%s': nobody sees any more who is in"
                            + " it. Flatten them",
                        DEEPEST,
                        g));
      }
      level = next;
    }
    refuseCycles(open);
  }

  private static boolean isSettled(Map<String, Set<String>> open, String group) {
    return open.getOrDefault(group, Set.of()).isEmpty();
  }

  private void refuseCycles(Map<String, Set<String>> open) {
    Set<String> told = new HashSet<>();
    for (String start : open.keySet()) {
      List<String> way = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      String group = start;
      while (!told.contains(group) && seen.add(group)) {
        way.add(group);
        // Each open group holds one that is open too, or it would have been settled.
        group = members(group).stream().filter(open::containsKey).findFirst().orElseThrow();
      }
      if (seen.contains(group) && !told.contains(group)) {
        List<String> cycle = new ArrayList<>(way.subList(way.indexOf(group), way.size()));
        cycle.add(group);
        fileOf(group)
            .error(
                "groups." + group + ".members",
                "the group is in itself: %s. Take one out of the other",
                String.join(" in ", reversed(cycle)));
      }
      told.addAll(seen);
    }
  }

  private static List<String> reversed(List<String> names) {
    List<String> reversed = new ArrayList<>(names);
    Collections.reverse(reversed);
    return reversed;
  }

  private List<String> members(String group) {
    return members.getOrDefault(group, List.of());
  }

  private PolicyDocument fileOf(String group) {
    PolicyDocument document = fileOf.get(group);
    if (document == null) {
      throw new IllegalStateException("no file has the group " + group);
    }
    return document;
  }

  /** Returns whether {@code name} is somebody, or may be in a file that could not be read. */
  boolean isKnown(String name) {
    return subjects.containsKey(name) || !allRead;
  }

  /** Returns which name may have been meant, as the end of a message. */
  String near(String name) {
    String hint = Nearest.hint(name, subjects.keySet());
    return hint.isEmpty() ? " Add it to a file of kind Subjects" : hint;
  }
}
