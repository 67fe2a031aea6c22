package io.sagitta.definition;

import io.sagitta.definition.options.Kinds;
import java.util.List;
import java.util.Optional;

/** Where rows come into a pipeline. */
@Kinds(noun = "source")
public sealed interface Source permits HttpSource, FileSource, PulsarSource {
  /** The declared columns. */
  Schema schema();

  /** Which column is the event time; without one a row's time is its arrival at the source. */
  Optional<EventTime> eventTime();

  /** Columns by which rows keep their order; empty if order does not matter. */
  List<String> key();
}
