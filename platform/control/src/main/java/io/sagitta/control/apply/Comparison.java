package io.sagitta.control.apply;

import io.sagitta.definition.DedupeStage;
import io.sagitta.definition.Spec;
import io.sagitta.definition.SqlStage;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Differences between two specs, thing by thing. */
final class Comparison {
  private final Optional<Spec> running;
  private final Spec wanted;
  private final List<Change> changes = new ArrayList<>();

  private Comparison(Optional<Spec> running, Spec wanted) {
    this.running = running;
    this.wanted = wanted;
  }

  /** Returns what changes when {@code wanted} takes the place of {@code running}. */
  static List<Change> of(Optional<Spec> running, Spec wanted) {
    Comparison comparison = new Comparison(running, wanted);
    comparison.settings();
    comparison.things("source", running.map(Spec::sources).orElse(Map.of()), wanted.sources());
    comparison.things("table", running.map(Spec::tables).orElse(Map.of()), wanted.tables());
    comparison.things("stage", running.map(Spec::stages).orElse(Map.of()), wanted.stages());
    comparison.things("sink", running.map(Spec::sinks).orElse(Map.of()), wanted.sinks());
    comparison.things("stream", running.map(Spec::streams).orElse(Map.of()), wanted.streams());
    return comparison.changes;
  }

  /** Returns whether a stage's tasks remember rows. */
  static boolean remembers(Object thing) {
    return thing instanceof DedupeStage
        || (thing instanceof SqlStage sql && sql.window().isPresent());
  }

  private void settings() {
    running.ifPresent(
        old -> {
          setting("mode", old.mode(), wanted.mode());
          setting("priority", old.priority(), wanted.priority());
          setting("pool", old.pool(), wanted.pool());
          setting("parallelism", old.parallelism(), wanted.parallelism());
          setting("params", old.params(), wanted.params());
          setting("errors", old.errors(), wanted.errors());
          setting("sla", old.sla(), wanted.sla());
          setting("schedule", old.schedule(), wanted.schedule());
        });
  }

  private void setting(String name, Object old, Object now) {
    if (!old.equals(now)) {
      boolean scalar = !(old instanceof Record || old instanceof Optional || old instanceof Map);
      changes.add(
          new Change(
              "setting",
              name,
              Change.Action.CHANGE,
              Change.State.NONE,
              scalar ? lower(old) + " becomes " + lower(now) : ""));
    }
  }

  private void things(String what, Map<String, ?> old, Map<String, ?> now) {
    now.forEach(
        (name, thing) -> {
          Object before = old.get(name);
          if (before == null) {
            add(what, name, Change.Action.ADD, thing, "");
          } else if (!before.equals(thing)) {
            add(what, name, Change.Action.CHANGE, thing, differences(before, thing));
          }
        });
    old.forEach(
        (name, thing) -> {
          if (!now.containsKey(name)) {
            add(what, name, Change.Action.DROP, thing, "");
          }
        });
  }

  private void add(String what, String name, Change.Action action, Object thing, String text) {
    Change.State state =
        !remembers(thing)
            ? Change.State.NONE
            : switch (action) {
              case ADD -> Change.State.NEW;
              case CHANGE -> Change.State.KEPT;
              case DROP -> Change.State.LOST;
            };
    changes.add(new Change(what, name, action, state, text));
  }

  /** Returns the names of the options that differ, as they are written in a definition. */
  private static String differences(Object old, Object now) {
    if (old.getClass() != now.getClass()) {
      return "another type";
    }
    List<String> different = new ArrayList<>();
    for (RecordComponent component : old.getClass().getRecordComponents()) {
      try {
        if (!Objects.equals(
            component.getAccessor().invoke(old), component.getAccessor().invoke(now))) {
          different.add(component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("A record's accessors are public", e);
      }
    }
    return "other " + String.join(", ", different);
  }

  private static String lower(Object value) {
    return value.toString().toLowerCase(Locale.ROOT);
  }
}
