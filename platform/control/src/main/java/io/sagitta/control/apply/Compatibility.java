package io.sagitta.control.apply;

import io.sagitta.definition.DedupeStage;
import io.sagitta.definition.Locations;
import io.sagitta.definition.Problem;
import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Stage;
import io.sagitta.definition.Stream;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Finds what a new revision cannot take over from the one that runs: rows that wait in topics, rows
 * and keys that tasks remember, and what readers of streams rely on.
 */
final class Compatibility {
  /** What to do about every one of these problems. */
  static final String MENDING =
      "Delete the pipeline and apply it anew, or apply this under another metadata.name beside it.";

  private final Plan running;
  private final Plan wanted;
  private final Locations locations;
  private final List<Problem> problems = new ArrayList<>();

  private Compatibility(Plan running, Plan wanted, Locations locations) {
    this.running = running;
    this.wanted = wanted;
    this.locations = locations;
  }

  /** Returns every reason why {@code wanted} cannot go on where {@code running} stops. */
  static List<Problem> problems(Plan running, Plan wanted, Locations locations) {
    Compatibility compatibility = new Compatibility(running, wanted, locations);
    compatibility.checkParallelism();
    compatibility.checkSources();
    compatibility.checkStages();
    compatibility.checkStreams();
    return compatibility.problems;
  }

  private void checkParallelism() {
    int old = running.definition().spec().parallelism();
    int now = wanted.definition().spec().parallelism();
    if (old != now) {
      refuse(
          "spec.parallelism",
          "parallelism cannot change from %d to %d while the pipeline exists: its topics have %d partitions, and keys would move between them"
              .formatted(old, now, old));
    }
  }

  private void checkSources() {
    Map<String, Source> now = wanted.definition().spec().sources();
    running
        .definition()
        .spec()
        .sources()
        .forEach(
            (name, source) -> {
              Source other = now.get(name);
              if (other == null) {
                refuse(
                    "spec.sources",
                    "source '%s' cannot go: rows that wait in its topic would be lost"
                        .formatted(name));
              } else if (!columns(WireSchemas.of(source)).equals(columns(WireSchemas.of(other)))) {
                refuse(
                    "spec.sources." + name,
                    "the columns of source '%s' cannot change: rows that wait in its topic have the old ones"
                        .formatted(name));
              }
            });
  }

  private void checkStages() {
    Spec old = running.definition().spec();
    Map<String, Stage> now = wanted.definition().spec().stages();
    old.stages()
        .forEach(
            (name, stage) -> {
              if (Comparison.remembers(stage)) {
                Stage other = now.get(name);
                if (other == null
                    || other.getClass() != stage.getClass()
                    || !Comparison.remembers(other)) {
                  refuse(
                      other == null ? "spec.stages" : "spec.stages." + name,
                      "stage '%s' cannot go, be renamed or become another kind: rows that wait for it and what it remembers would be lost"
                          .formatted(name));
                } else {
                  checkKept(name, stage, other);
                }
              }
            });
  }

  private void checkKept(String name, Stage old, Stage now) {
    String path = "spec.stages." + name;
    if (!key(old).equals(key(now))) {
      refuse(
          path + ".key",
          "the key of stage '%s' cannot change from %s to %s: what it remembers lies in tasks by the old one"
              .formatted(name, key(old), key(now)));
    }
    if (!memory(old).equals(memory(now))) {
      refuse(
          path + (now instanceof DedupeStage ? ".within" : ".window"),
          "the %s of stage '%s' cannot change: what it remembers was kept for the old one"
              .formatted(now instanceof DedupeStage ? "'within'" : "window", name));
    }
    if (!old.inputs().equals(now.inputs())) {
      refuse(
          path + ".inputs",
          "the inputs of stage '%s' cannot change from %s to %s: rows of the old ones wait for it"
              .formatted(name, old.inputs(), now.inputs()));
    } else {
      for (String input : now.inputs()) {
        if (!columns(running.schema(input)).equals(columns(wanted.schema(input)))) {
          refuse(
              path + ".inputs",
              "stage '%s' would get other columns from '%s': rows that wait for it and what it remembers have the old ones, %s"
                  .formatted(name, input, columns(running.schema(input))));
        }
      }
      if (!upstreams(running, name).equals(upstreams(wanted, name))) {
        refuse(
            path + ".inputs",
            "stage '%s' would get its rows from other tasks, %s and not %s: its watermarks are theirs"
                .formatted(name, upstreams(wanted, name), upstreams(running, name)));
      }
    }
  }

  private static Object upstreams(Plan plan, String stage) {
    return plan.chain(stage).map(Chain::upstreams).orElseThrow();
  }

  private static List<String> key(Stage stage) {
    if (stage instanceof DedupeStage dedupe) {
      return dedupe.key();
    }
    return stage instanceof SqlStage sql ? sql.key() : List.of();
  }

  private static Object memory(Stage stage) {
    if (stage instanceof DedupeStage dedupe) {
      return dedupe.within();
    }
    return stage instanceof SqlStage sql ? sql.window() : Optional.empty();
  }

  private void checkStreams() {
    Map<String, Stream> now = wanted.definition().spec().streams();
    running
        .definition()
        .spec()
        .streams()
        .forEach(
            (name, stream) -> {
              Stream other = now.get(name);
              if (other != null && stream.compatibility() == Stream.Compatibility.BACKWARD) {
                checkStream(name, stream, other);
              }
            });
  }

  private void checkStream(String name, Stream old, Stream now) {
    Schema after = wanted.schema(now.inputs().get(0));
    for (Field column : running.schema(old.inputs().get(0)).getFields()) {
      Optional<Field> kept =
          after.getFields().stream().filter(f -> f.getName().equals(column.getName())).findFirst();
      if (!kept.map(Field::getType).equals(Optional.of(column.getType()))) {
        refuse(
            "spec.streams." + name,
            "stream '%s' is backward compatible: its column '%s' cannot %s"
                .formatted(
                    name,
                    column.getName(),
                    kept.map(k -> "change from " + column.getType() + " to " + k.getType())
                        .orElse("go")));
      }
    }
  }

  /** Names and types, as far as Arrow messages depend on them. */
  private static List<String> columns(Schema schema) {
    return schema.getFields().stream().map(f -> f.getName() + " " + f.getType()).toList();
  }

  private void refuse(String path, String message) {
    problems.add(locations.error(path, message));
  }
}
