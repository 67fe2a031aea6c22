package io.sagitta.definition;

import java.util.Optional;

/** Checks what a streaming and what a batch pipeline may have, and what nothing acts on yet. */
final class ModeChecks {
  private final Draft draft;

  ModeChecks(Draft draft) {
    this.draft = draft;
  }

  void check() {
    Optional<Spec.Mode> mode = draft.value("spec.mode", Spec.Mode.class);
    if (mode.isPresent()) {
      switch (mode.get()) {
        case BATCH -> draft.good("sources", Source.class).forEach(this::bounded);
        case STREAMING -> streaming();
      }
    }
    draft
        .value("spec.sla", Sla.class)
        .ifPresent(sla -> draft.warning("spec.sla", "'sla' is checked but nothing acts on it yet"));
    draft.value("spec.schedule", Schedule.class).ifPresent(this::schedule);
  }

  private void bounded(String name, Source source) {
    String path = Draft.path("sources", name);
    if (source instanceof HttpSource) {
      draft.error(
          path + ".type",
          "an http source never ends, and a batch run must. Use a file source, or mode: streaming");
    } else if (source instanceof PulsarSource) {
      draft.error(
          path + ".type",
          "a pulsar source never ends, and a batch run must. Use a file source, or mode:"
              + " streaming");
    } else if (source instanceof FileSource file && file.follow()) {
      draft.error(
          path + ".follow",
          "a source that follows its folder never ends, and a batch run must. Remove 'follow'");
    }
  }

  private void streaming() {
    if (draft.value("spec.schedule", Schedule.class).isPresent()) {
      draft.error(
          "spec.schedule",
          "a streaming pipeline always runs. Remove 'schedule', or use mode: batch");
    }
    if (draft.value("spec.sla.deadline", Object.class).isPresent()) {
      draft.error(
          "spec.sla.deadline",
          "a streaming pipeline has no runs that a deadline could be for. Remove it, or use mode:"
              + " batch");
    }
    draft.good("stages", Stage.class).forEach(this::closes);
  }

  private void closes(String name, Stage stage) {
    if (stage instanceof SqlStage sql
        && sql.window().filter(Window.WholeInput.class::isInstance).isPresent()) {
      draft.error(
          Draft.path("stages", name) + ".window.until",
          "a streaming pipeline's input never ends, so this window would never close. Use"
              + " {tumbling: 1h}, or mode: batch");
    }
  }

  private void schedule(Schedule schedule) {
    Cron.mistakes(schedule.cron())
        .forEach(mistake -> draft.error("spec.schedule.cron", "%s", mistake));
    draft.warning("spec.schedule", "'schedule' is checked but nothing acts on it yet");
  }
}
