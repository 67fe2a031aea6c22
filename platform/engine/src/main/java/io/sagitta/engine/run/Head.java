package io.sagitta.engine.run;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Progress;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;

/** What a chain starts with: it turns a step's arrivals into the rows of the head stage. */
interface Head extends AutoCloseable {

  /** Begins a step whose first arrival has ordinal {@code first}. */
  void begin(long first);

  /** Takes rows, which stay the caller's. */
  void rows(Arrival.Rows arrival);

  /** Takes news of an upstream task. */
  void signal(Arrival.Signal signal);

  /** Ends the step. Returns the rows it makes, owned by the caller. */
  List<VectorSchemaRoot> end();

  /** Returns where the task stands, for its downstream tasks. */
  Progress progress();

  /** Returns the ordinal as in {@link io.sagitta.engine.StepResult#oldestNeeded()}. */
  long oldestNeeded();

  /** As {@link io.sagitta.engine.TaskRunner#upstreams()}. */
  Map<String, Progress> upstreams();

  /** As {@link io.sagitta.engine.TaskRunner#restore}. */
  void restore(Map<String, Progress> upstreams);

  @Override
  void close();
}
