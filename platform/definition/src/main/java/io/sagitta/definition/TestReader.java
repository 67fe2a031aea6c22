package io.sagitta.definition;

import io.sagitta.definition.options.Nearest;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlNode;
import io.sagitta.definition.yaml.YamlScalar;
import io.sagitta.definition.yaml.YamlSequence;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code tests} of a definition, and checks their names against it. */
final class TestReader {
  private static final String TICK = "_tick";
  private static final Set<String> OUTCOMES = Set.of("late", "quarantined");

  private final Draft draft;
  private final Columns columns;
  private final Set<String> testNames = new HashSet<>();

  TestReader(Draft draft) {
    this.draft = draft;
    columns = new Columns(draft);
  }

  DefinitionTest read(PipelineFile.TestKeys keys, String path) {
    if (!testNames.add(keys.name())) {
      draft.error(path + ".name", "there is a test '%s' already. Rename one", keys.name());
    }
    return new DefinitionTest(
        keys.name(),
        given(keys.given(), path + ".given"),
        keys.endOfInput(),
        expect(keys.expect(), path + ".expect"),
        path);
  }

  private List<DefinitionTest.Step> given(YamlNode node, String path) {
    List<DefinitionTest.Step> steps = new ArrayList<>();
    if (node instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        step(entry, path + "." + entry.name()).ifPresent(steps::add);
      }
    } else if (node instanceof YamlSequence list) {
      for (int i = 0; i < list.items().size(); i++) {
        String at = path + "[" + i + "]";
        if (list.items().get(i) instanceof YamlMapping step && step.entries().size() == 1) {
          YamlMapping.Entry entry = step.entries().get(0);
          step(entry, at + "." + entry.name()).ifPresent(steps::add);
        } else {
          draft.error(at, "a step is one name with its rows, such as '- flights: [{delay: 5}]'");
        }
      }
    } else {
      draft.error(path, "'given' must be rows by name, or a list of steps; found %s", node.words());
    }
    order(steps, path);
    return steps;
  }

  private Optional<DefinitionTest.Step> step(YamlMapping.Entry entry, String path) {
    String name = entry.name();
    if (name.equals(TICK)) {
      return tick(entry.value(), path);
    }
    Set<String> sources = draft.names("sources");
    List<String> known = new ArrayList<>(sources);
    known.addAll(draft.names("tables"));
    known.addAll(draft.names("stages"));
    if (!known.contains(name)) {
      draft.error(path, "%s", unknown("source, table or stage", name, known));
      return Optional.empty();
    }
    if (entry.value() instanceof YamlScalar word && sources.contains(name)) {
      return sign(name, word, path);
    }
    List<Map<String, @Nullable Object>> rows = rows(entry.value(), path, columns.given(name));
    return Optional.of(new DefinitionTest.Rows(name, rows, path));
  }

  private Optional<DefinitionTest.Step> sign(String source, YamlScalar word, String path) {
    if (word.text().equals("idle")) {
      return Optional.of(new DefinitionTest.Idle(source));
    }
    if (word.text().equals("end")) {
      return Optional.of(new DefinitionTest.End(source));
    }
    draft.error(
        path, "'%s' must be a list of rows, or idle, or end; found %s", source, word.words());
    return Optional.empty();
  }

  private Optional<DefinitionTest.Step> tick(YamlNode node, String path) {
    try {
      return Optional.of(
          new DefinitionTest.Tick(
              OffsetDateTime.parse(node instanceof YamlScalar s ? s.text() : "").toInstant()));
    } catch (DateTimeException e) {
      draft.error(
          path, "'_tick' must be a time such as \"2001-01-01T00:00:00Z\", found %s", node.words());
      return Optional.empty();
    }
  }

  /** Checks that time goes forward, that nothing follows an end, and that tables are whole. */
  private void order(List<DefinitionTest.Step> steps, String path) {
    Instant now = Instant.MIN;
    Set<String> ended = new HashSet<>();
    Set<String> tables = new HashSet<>();
    for (DefinitionTest.Step step : steps) {
      if (step instanceof DefinitionTest.Tick tick) {
        if (tick.time().isBefore(now)) {
          draft.error(path, "'_tick' goes back in time to %s. Put the steps in order", tick.time());
        }
        now = tick.time();
      } else if (step instanceof DefinitionTest.Rows rows) {
        if (ended.contains(rows.name())) {
          draft.error(rows.path(), "'%s' has ended before. Move 'end' after its rows", rows.name());
        }
        if (draft.names("tables").contains(rows.name()) && !tables.add(rows.name())) {
          draft.error(
              rows.path(),
              "the table '%s' is given twice. Write its rows in one step",
              rows.name());
        }
      } else if (step instanceof DefinitionTest.End end) {
        ended.add(end.source());
      }
    }
  }

  private Map<String, List<Map<String, @Nullable Object>>> expect(YamlNode node, String path) {
    Map<String, List<Map<String, @Nullable Object>>> expected = new LinkedHashMap<>();
    if (!(node instanceof YamlMapping mapping) || mapping.entries().isEmpty()) {
      draft.error(path, "'expect' must be rows by stage or stream, found %s", node.words());
      return expected;
    }
    List<String> known = new ArrayList<>(draft.names("stages"));
    known.addAll(draft.names("streams"));
    known.addAll(OUTCOMES.stream().sorted().toList());
    for (YamlMapping.Entry entry : mapping.entries()) {
      String at = path + "." + entry.name();
      if (!known.contains(entry.name())) {
        draft.error(at, "%s", unknown("stage or stream", entry.name(), known));
        continue;
      }
      Optional<List<String>> names =
          draft.names("stages").contains(entry.name())
              ? columns.of(entry.name())
              : Optional.empty();
      expected.put(entry.name(), rows(entry.value(), at, names));
    }
    return expected;
  }

  private static String unknown(String what, String name, Collection<String> known) {
    String hint = Nearest.hint(name, known);
    return "there is no %s '%s'.%s"
        .formatted(what, name, hint.isEmpty() ? Nearest.all(known) : hint);
  }

  private List<Map<String, @Nullable Object>> rows(
      YamlNode node, String path, Optional<List<String>> columnNames) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    if (!(node instanceof YamlSequence list)) {
      draft.error(path, "rows must be a list such as [{delay: 5}], found %s", node.words());
      return rows;
    }
    for (int i = 0; i < list.items().size(); i++) {
      String at = path + "[" + i + "]";
      if (list.items().get(i) instanceof YamlMapping row) {
        rows.add(row(row, at, columnNames));
      } else {
        draft.error(
            at,
            "a row must be a mapping such as {delay: 5}, found %s",
            list.items().get(i).words());
      }
    }
    return rows;
  }

  private Map<String, @Nullable Object> row(
      YamlMapping mapping, String path, Optional<List<String>> columnNames) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (YamlMapping.Entry entry : mapping.entries()) {
      String at = path + "." + entry.name();
      if (columnNames.isPresent() && !columnNames.get().contains(entry.name())) {
        draft.error(
            at,
            "there is no column '%s'.%s",
            entry.name(),
            Nearest.hint(entry.name(), columnNames.get()));
      }
      if (entry.value() instanceof YamlScalar scalar) {
        row.put(entry.name(), scalar.asValue());
      } else {
        draft.error(at, "a value must be single, found %s", entry.value().words());
      }
    }
    return row;
  }
}
