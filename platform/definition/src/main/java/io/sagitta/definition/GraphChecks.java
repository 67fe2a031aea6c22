package io.sagitta.definition;

import io.sagitta.definition.options.Nearest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks names, and who takes whose rows. */
final class GraphChecks {
  /** Names that tests give a meaning of its own. */
  private static final Set<String> RESERVED = Set.of("late", "quarantined");

  private static final List<String> SHARED_NAMESPACE = List.of("sources", "tables", "stages");

  private static final int LONGEST_SHOWN = 12;

  private final Draft draft;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> used = new HashSet<>();

  GraphChecks(Draft draft) {
    this.draft = draft;
    known.addAll(draft.names("sources"));
    known.addAll(draft.names("stages"));
  }

  void check() {
    names();
    for (String section : List.of("stages", "sinks", "streams")) {
      draft.names(section).forEach(name -> inputs(section, name));
    }
    draft.good("stages", Stage.class).forEach(this::numberOfInputs);
    cycles();
    unused();
    if (draft.hasSpec() && !draft.hasAny("sinks") && !draft.hasAny("streams")) {
      draft.error("spec", "nothing leaves the pipeline. Add a sink or a stream");
    }
  }

  private void names() {
    Map<String, String> owners = new HashMap<>();
    for (String section : SHARED_NAMESPACE) {
      for (String name : draft.names(section)) {
        String path = Draft.path(section, name);
        String owner = owners.putIfAbsent(name, path);
        if (owner != null) {
          draft.error(
              path,
              "the name '%s' is taken in line %d: sources, tables and stages share one namespace."
                  + " Rename one",
              name,
              draft.line(owner));
        }
        reserved(path, name);
      }
    }
    draft.names("streams").forEach(name -> reserved(Draft.path("streams", name), name));
  }

  private void reserved(String path, String name) {
    if (RESERVED.contains(name)) {
      draft.error(path, "the name '%s' is reserved for tests. Rename it", name);
    }
  }

  private void inputs(String section, String name) {
    List<String> inputs = draft.inputs(section, name);
    for (int i = 0; i < inputs.size(); i++) {
      String input = inputs.get(i);
      String path = Draft.path(section, name) + ".inputs[" + i + "]";
      if (known.contains(input)) {
        used.add(input);
      } else if (draft.names("tables").contains(input)) {
        draft.error(
            path,
            "'%s' is a table: use it by name inside a sql stage's query, not as an input",
            input);
      } else if (!input.isEmpty()) {
        String hint = Nearest.hint(input, known);
        draft.error(
            path,
            "there is no source or stage '%s'.%s",
            input,
            hint.isEmpty() ? Nearest.all(known) : hint);
      }
    }
  }

  private void numberOfInputs(String name, Stage stage) {
    int count = stage.inputs().size();
    String path = Draft.path("stages", name) + ".inputs";
    if (count < 2) {
      return;
    }
    if (stage instanceof CleanStage) {
      draft.error(path, "a clean stage has one input, found %d. Make a stage for each", count);
    } else if (stage instanceof DedupeStage) {
      draft.error(path, "a dedupe stage has one input, found %d. Make a stage for each", count);
    } else if (stage instanceof SqlStage sql && BatchWindows.of(draft, name, sql).isEmpty()) {
      draft.error(
          path,
          "a sql stage without a window has one input, found %d. Give it a window to combine"
              + " streams; in mode: batch a key is enough",
          count);
    }
  }

  private void cycles() {
    Map<String, List<String>> inputsOf = new LinkedHashMap<>();
    draft.names("stages").forEach(name -> inputsOf.put(name, draft.inputs("stages", name)));
    Set<String> done = new HashSet<>();
    for (String stage : inputsOf.keySet()) {
      walk(stage, inputsOf, done);
    }
  }

  /** Depth first without recursion: a file may hold a chain of thousands of stages. */
  private void walk(String start, Map<String, List<String>> inputsOf, Set<String> done) {
    List<String> trail = new ArrayList<>();
    List<Integer> next = new ArrayList<>();
    Set<String> onTrail = new HashSet<>();
    push(start, trail, next, onTrail);
    while (!trail.isEmpty()) {
      int top = trail.size() - 1;
      String stage = trail.get(top);
      List<String> inputs = inputsOf.getOrDefault(stage, List.of());
      int i = next.get(top);
      if (done.contains(stage) || i == inputs.size()) {
        done.add(stage);
        onTrail.remove(stage);
        trail.remove(top);
        next.remove(top);
        continue;
      }
      next.set(top, i + 1);
      String input = inputs.get(i);
      if (onTrail.contains(input)) {
        cycle(trail.subList(trail.indexOf(input), trail.size()), stage, i);
      } else if (inputsOf.containsKey(input)) {
        push(input, trail, next, onTrail);
      }
    }
  }

  private static void push(
      String stage, List<String> trail, List<Integer> next, Set<String> onTrail) {
    trail.add(stage);
    next.add(0);
    onTrail.add(stage);
  }

  private void cycle(List<String> againstTheFlow, String stage, int input) {
    List<String> names = new ArrayList<>(againstTheFlow);
    Collections.reverse(names);
    names.add(names.get(0));
    if (names.size() > LONGEST_SHOWN) {
      names.subList(LONGEST_SHOWN / 2, names.size() - LONGEST_SHOWN / 2).clear();
      names.add(LONGEST_SHOWN / 2, "…");
    }
    draft.error(
        Draft.path("stages", stage) + ".inputs[" + input + "]",
        "stages feed each other in a cycle: %s. Take one of these inputs out",
        String.join(" -> ", names));
  }

  private void unused() {
    for (String section : List.of("sources", "stages")) {
      for (String name : draft.names(section)) {
        if (!used.contains(name)) {
          draft.warning(
              Draft.path(section, name),
              "nothing takes the rows of '%s'. Name it in 'inputs', or remove it",
              name);
        }
      }
    }
    Map<String, Stage> stages = draft.good("stages", Stage.class);
    if (stages.size() == draft.names("stages").size()) {
      draft.names("tables").forEach(name -> unusedTable(name, stages));
    }
  }

  private void unusedTable(String name, Map<String, Stage> stages) {
    Pattern word = Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(name) + "(?![A-Za-z0-9_])");
    boolean found =
        stages.values().stream()
            .anyMatch(
                stage ->
                    stage instanceof SqlStage sql
                        && word.matcher(sql.query().toLowerCase(Locale.ROOT)).find());
    if (!found) {
      draft.warning(
          Draft.path("tables", name), "no query uses the table '%s'. Join it, or remove it", name);
    }
  }
}
