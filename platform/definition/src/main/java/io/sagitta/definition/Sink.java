package io.sagitta.definition;

import java.util.List;

/** Where rows leave a pipeline for another system. */
public sealed interface Sink permits ParquetSink, JdbcSink, PulsarSink {
  /** Names of sources and stages. */
  List<String> inputs();
}
