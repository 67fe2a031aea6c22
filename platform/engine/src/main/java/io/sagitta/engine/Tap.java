package io.sagitta.engine;

import java.util.Set;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * A look into a task for people, at rows that leave it and at those that never do. It sees a sample
 * and changes nothing: no output, no count, no state. Called on the task's thread.
 */
public interface Tap {
  /** Nobody looks. */
  Tap NONE =
      new Tap() {
        @Override
        public Set<String> wanted() {
          return Set.of();
        }

        @Override
        public void show(String stage, VectorSchemaRoot rows) {}

        @Override
        public void failed(String stage, RuntimeException e) {}
      };

  /**
   * Returns the sources and stages whose rows somebody wants to see of the step that runs. Asked
   * once a step, so the answer must be cheap; names of other chains are allowed and ignored.
   */
  Set<String> wanted();

  /**
   * Takes a look at rows of {@code stage}; called any number of times a step, or never.
   *
   * @param rows with the columns of {@link Plan#schema}; they stay the caller's
   */
  void show(String stage, VectorSchemaRoot rows);

  /** Learns that rows of {@code stage} cannot be shown; the task goes on. */
  void failed(String stage, RuntimeException e);
}
