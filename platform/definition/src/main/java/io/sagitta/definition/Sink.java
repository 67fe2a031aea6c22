package io.sagitta.definition;

import io.sagitta.definition.options.Kinds;
import java.util.List;

/** Where rows leave a pipeline for another system. */
@Kinds(noun = "sink")
public sealed interface Sink permits ParquetSink, JdbcSink, PulsarSink {
  /** Names of sources and stages. */
  List<String> inputs();
}
