package io.sagitta.engine.plan;

import io.sagitta.definition.CleanStage;
import io.sagitta.definition.DataType;
import io.sagitta.definition.DedupeStage;
import io.sagitta.definition.ErrorPolicy;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.Field;
import io.sagitta.definition.FileTable;
import io.sagitta.definition.Format;
import io.sagitta.definition.HttpSource;
import io.sagitta.definition.Locations;
import io.sagitta.definition.Metadata;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Schema;
import io.sagitta.definition.Sink;
import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Stage;
import io.sagitta.definition.Stream;
import io.sagitta.definition.Table;
import io.sagitta.definition.Window;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds definitions without a file; every value stands in a line of its own, in order. */
final class Definitions {
  static final Window HOURLY = new Window.Tumbling(Duration.ofHours(1), ZoneId.of("UTC"));

  private final Map<String, String> params = new LinkedHashMap<>();
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, Table> tables = new LinkedHashMap<>();
  private final Map<String, Stage> stages = new LinkedHashMap<>();
  private final Map<String, Sink> sinks = new LinkedHashMap<>();
  private final Map<String, Stream> streams = new LinkedHashMap<>();
  private final Map<String, Locations.Place> places = new LinkedHashMap<>();

  /** Flights as in the demo, with airports beside them. */
  static Definitions flights() {
    return new Definitions()
        .source(
            "flights",
            "date",
            "date timestamp",
            "delay int32 min",
            "distance int32 mi",
            "origin string",
            "destination string")
        .table("airports", List.of("iata"), "iata string", "name string", "elevation int32 ft");
  }

  /** Adds a source; columns are written {@code name type [unit] [!]}, {@code !} for sensitive. */
  Definitions source(String name, String eventTime, String... columns) {
    Optional<EventTime> time =
        eventTime.isEmpty()
            ? Optional.empty()
            : Optional.of(new EventTime(eventTime, Duration.ofMinutes(1), Optional.empty()));
    return source(name, new HttpSource(schema(columns), time, List.of()));
  }

  Definitions source(String name, Source source) {
    sources.put(name, source);
    return at("spec.sources." + name);
  }

  Definitions table(String name, List<String> key, String... columns) {
    tables.put(name, new FileTable(name + ".csv", Format.CSV, schema(columns), key));
    return at("spec.tables." + name);
  }

  Definitions param(String name, String value) {
    params.put(name, value);
    return this;
  }

  Definitions clean(
      String name, String input, Map<String, String> units, Map<String, String> expect) {
    stage(name, new CleanStage(List.of(input), units, expect));
    expect.keySet().forEach(e -> at("spec.stages." + name + ".expect." + e));
    return this;
  }

  Definitions dedupe(String name, String input, String... key) {
    return stage(name, new DedupeStage(List.of(input), List.of(key), Duration.ofHours(1)));
  }

  Definitions sql(String name, String input, String query) {
    return stage(name, new SqlStage(List.of(input), List.of(), Optional.empty(), query));
  }

  Definitions windowed(String name, List<String> inputs, List<String> key, String query) {
    return stage(name, new SqlStage(inputs, key, Optional.of(HOURLY), query));
  }

  Definitions stage(String name, Stage stage) {
    stages.put(name, stage);
    at("spec.stages." + name);
    return at("spec.stages." + name + ".query");
  }

  Definitions stream(String name, List<String> inputs, String... key) {
    streams.put(
        name,
        new Stream(inputs, List.of(key), Duration.ofDays(7), Stream.Compatibility.NONE, List.of()));
    return at("spec.streams." + name);
  }

  Definitions sink(String name, Sink sink) {
    sinks.put(name, sink);
    return at("spec.sinks." + name);
  }

  PlanResult plan() {
    return new Planner().plan(definition(), locations());
  }

  PipelineDefinition definition() {
    return new PipelineDefinition(
        new Metadata("flights", "aviation", Optional.empty(), Optional.empty()),
        new Spec(
            Spec.Mode.STREAMING,
            Spec.Priority.MEDIUM,
            "default",
            1,
            params,
            sources,
            tables,
            stages,
            sinks,
            streams,
            ErrorPolicy.DEFAULT,
            Optional.empty(),
            Optional.empty()),
        List.of());
  }

  Locations locations() {
    return new Locations("flights.yaml", places);
  }

  /** Returns the line at which {@code path} stands. */
  int line(String path) {
    return locations().place(path).line();
  }

  private Definitions at(String path) {
    int line = 10 * (places.size() + 1);
    // A query's text starts a line below its key, as a block scalar does, six columns in.
    places.put(path, new Locations.Place(line, 3, line + 1, 7));
    return this;
  }

  static Schema schema(String... columns) {
    List<Field> fields = new ArrayList<>();
    for (String column : columns) {
      String[] parts = column.split(" ");
      boolean sensitive = parts[parts.length - 1].equals("!");
      Optional<String> unit =
          parts.length > (sensitive ? 3 : 2) ? Optional.of(parts[2]) : Optional.empty();
      fields.add(
          new Field(parts[0], DataType.parse(parts[1]).orElseThrow(), unit, false, sensitive));
    }
    return new Schema(fields);
  }
}
