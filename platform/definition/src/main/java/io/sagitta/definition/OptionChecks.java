package io.sagitta.definition;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks options of one kind against each other. */
final class OptionChecks {
  private static final Pattern URL_CREDENTIALS =
      Pattern.compile("[?&;](user|password|username|passwd|pwd)=|//[^/?]*@");

  private final Draft draft;

  OptionChecks(Draft draft) {
    this.draft = draft;
  }

  void check() {
    draft.good("sources", Source.class).forEach(this::source);
    draft.good("tables", Table.class).forEach(this::table);
    draft.good("stages", Stage.class).forEach(this::stage);
    draft.good("sinks", Sink.class).forEach(this::sink);
    draft.value("spec.errors", ErrorPolicy.class).ifPresent(this::errors);
  }

  private void source(String name, Source source) {
    if (!(source instanceof PulsarSource pulsar)) {
      return;
    }
    String path = Draft.path("sources", name);
    if (pulsar.stream().isPresent() == pulsar.topic().isPresent()) {
      draft.error(
          path,
          "a pulsar source has either 'stream', another pipeline's stream, or 'topic', a foreign"
              + " topic; found %s",
          pulsar.stream().isPresent() ? "both" : "neither");
    } else if (pulsar.stream().isPresent() && pulsar.format() != Format.ARROW) {
      draft.error(path + ".format", "streams are always arrow. Remove 'format'");
    }
    if (readsItself(pulsar)) {
      draft.error(
          path + ".stream",
          "the stream is this pipeline's own: its rows would come round for ever. Name the stage"
              + " behind the stream in 'inputs' instead");
    }
  }

  private boolean readsItself(PulsarSource source) {
    Optional<String> own =
        draft.value("metadata", Metadata.class).map(m -> m.tenant() + "/" + m.name() + "/");
    return own.isPresent() && source.streamName().filter(s -> s.startsWith(own.get())).isPresent();
  }

  private void table(String name, Table table) {
    if (table instanceof JdbcTable jdbc) {
      credentials(Draft.path("tables", name), jdbc.url(), jdbc.user(), jdbc.password());
    }
  }

  private void sink(String name, Sink sink) {
    if (sink instanceof JdbcSink jdbc) {
      credentials(Draft.path("sinks", name), jdbc.url(), jdbc.user(), jdbc.password());
    }
  }

  private void credentials(
      String path, String url, Optional<String> user, Optional<String> password) {
    if (URL_CREDENTIALS.matcher(url.toLowerCase(Locale.ROOT)).find()) {
      draft.error(
          path + ".url",
          "the URL holds credentials. Move them to 'user' and 'password', as secrets");
    }
    if (password.isPresent() && !password.get().startsWith("${secret:")) {
      draft.error(
          path + ".password",
          "the password stands in the file for all to read. Write \"${secret:name}\"");
    }
    if (password.isPresent() && user.isEmpty()) {
      draft.error(path + ".password", "a password needs a 'user' beside it");
    }
  }

  private void stage(String name, Stage stage) {
    String path = Draft.path("stages", name);
    if (stage instanceof SqlStage sql
        && sql.window().isPresent()
        && sql.window().get() instanceof Window.Sliding sliding
        && sliding.every().compareTo(sliding.size()) > 0) {
      draft.error(
          path + ".window.every",
          "'every' must be at most the length, or rows fall between windows");
    }
    if (stage instanceof CleanStage clean && clean.units().isEmpty() && clean.expect().isEmpty()) {
      draft.warning(path, "a clean stage without 'units' and 'expect' changes nothing");
    }
  }

  private void errors(ErrorPolicy errors) {
    if (errors.maxBackoff().compareTo(errors.initialBackoff()) < 0) {
      draft.error("spec.errors.retry.backoff.max", "'max' must be at least 'initial'");
    }
  }
}
