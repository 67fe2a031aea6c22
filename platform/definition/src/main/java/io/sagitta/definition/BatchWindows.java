package io.sagitta.definition;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The windows of sql stages as they are meant. In a batch pipeline a stage that says how its rows
 * come together and not when, so one with a key and no window, sees its whole input at once.
 */
final class BatchWindows {
  private BatchWindows() {}

  /** Returns the window of the stage called {@code name}. */
  static Optional<Window> of(Draft draft, String name, SqlStage stage) {
    boolean batch =
        draft.value("spec.mode", Spec.Mode.class).filter(m -> m == Spec.Mode.BATCH).isPresent();
    return stage.window().isEmpty() && batch && draft.has("stages", name, "key")
        ? Optional.of(new Window.WholeInput(Window.WholeInput.End.END_OF_INPUT))
        : stage.window();
  }

  /** Returns {@code stages} with the windows that are meant. */
  static Map<String, Stage> in(Draft draft, Map<String, Stage> stages) {
    Map<String, Stage> meant = new LinkedHashMap<>();
    stages.forEach(
        (name, stage) ->
            meant.put(
                name,
                stage instanceof SqlStage sql
                    ? new SqlStage(sql.inputs(), sql.key(), of(draft, name, sql), sql.query())
                    : stage));
    return meant;
  }
}
