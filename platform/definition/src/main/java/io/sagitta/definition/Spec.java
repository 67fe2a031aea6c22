package io.sagitta.definition;

import java.util.Map;
import java.util.Optional;

/**
 * What a pipeline does.
 *
 * @param parallelism partitions of each source topic and exchange
 * @param params values that {@code ${param:name}} stands for, after any {@code --env}; the texts of
 *     this record hold the values already
 */
public record Spec(
    Mode mode,
    Priority priority,
    String pool,
    int parallelism,
    Map<String, String> params,
    Map<String, Source> sources,
    Map<String, Table> tables,
    Map<String, Stage> stages,
    Map<String, Sink> sinks,
    Map<String, Stream> streams,
    ErrorPolicy errors,
    Optional<Sla> sla,
    Optional<Schedule> schedule) {
  public Spec {
    params = OrderedMap.copyOf(params);
    sources = OrderedMap.copyOf(sources);
    tables = OrderedMap.copyOf(tables);
    stages = OrderedMap.copyOf(stages);
    sinks = OrderedMap.copyOf(sinks);
    streams = OrderedMap.copyOf(streams);
  }

  /** Whether a pipeline runs for ever or over a bounded input. */
  public enum Mode {
    STREAMING,
    BATCH
  }

  /** Who goes first where runs wait. */
  public enum Priority {
    HIGH,
    MEDIUM,
    LOW
  }
}
