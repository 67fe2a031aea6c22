package io.sagitta.engine.plan;

import io.sagitta.definition.Problem;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Window;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Queries in resource files, in blocks parted by blank lines: a line {@code # inputs | key} (no key
 * part: no window), the SQL, and lines {@code => } with what planning answers.
 */
final class SqlCases {
  private SqlCases() {}

  /**
   * One query.
   *
   * @param header what it is planned as
   */
  record SqlCase(String header, String sql, String expected) {
    @Override
    public String toString() {
      return header + " " + sql.lines().collect(Collectors.joining(" "));
    }

    Definitions definitions() {
      String[] parts = header.substring(1).split("\\|", -1);
      List<String> inputs = words(parts[0]);
      Optional<Window> window =
          parts.length == 1
              ? Optional.empty()
              : Optional.of(
                  parts.length == 2
                      ? Definitions.HOURLY
                      : new Window.Session(Duration.ofMinutes(10)));
      List<String> key = parts.length == 1 ? List.of() : words(parts[1]);
      Definitions definitions = base();
      definitions.stage("q", new SqlStage(inputs, key, window, sql));
      return definitions.stream("out", List.of("q"));
    }

    /** What planning answers: problems with their places in the SQL, or the columns. */
    String actual() {
      Definitions definitions = definitions();
      PlanResult result = definitions.plan();
      if (result.plan().isPresent()) {
        return "=> " + String.join(", ", PlannerTest.columns(result.plan().get(), "q"));
      }
      int line = definitions.line("spec.stages.q.query");
      return result.problems().stream()
          .map(p -> "=> " + place(p, line) + p.message())
          .collect(Collectors.joining("\n"));
    }

    private static String place(Problem problem, int queryLine) {
      int line = problem.line() - queryLine;
      return line < 1 ? "stage " : line + ":" + (problem.column() - 6) + " ";
    }
  }

  /** What all queries may name. */
  static Definitions base() {
    return Definitions.flights()
        .source("weather", "", "origin string", "at timestamp", "temp double °F", "phone string !")
        .table(
            "routes",
            List.of("origin", "destination"),
            "origin string",
            "destination string",
            "miles int32 mi")
        .table("notes", List.of(), "iata string", "note string");
  }

  static List<SqlCase> read(String resource) {
    return Arrays.stream(text(resource).split("\n\n+"))
        .filter(block -> !block.isBlank())
        .map(SqlCases::parse)
        .toList();
  }

  private static SqlCase parse(String block) {
    List<String> lines = new ArrayList<>(block.strip().lines().toList());
    String header = lines.remove(0);
    String sql = lines.stream().filter(l -> !l.startsWith("=>")).collect(Collectors.joining("\n"));
    String expected =
        lines.stream().filter(l -> l.startsWith("=>")).collect(Collectors.joining("\n"));
    return new SqlCase(header, sql, expected);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.strip().split("[, ]+")).filter(w -> !w.isEmpty()).toList();
  }

  private static String text(String resource) {
    try (InputStream in = SqlCases.class.getResourceAsStream("/plan/" + resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
