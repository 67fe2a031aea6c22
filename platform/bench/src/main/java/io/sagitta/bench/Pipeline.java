package io.sagitta.bench;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.ReadResult;
import io.sagitta.definition.Source;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A pipeline over flights that is measured.
 *
 * @param text its YAML
 */
record Pipeline(String text, Plan plan) {
  /** The source of every pipeline that is measured. */
  static final String SOURCE = "flights";

  /** The chain from {@code flights} on. */
  Chain chain() {
    return plan.chain(SOURCE).orElseThrow();
  }

  /** The source that takes flights. */
  Source source() {
    return Objects.requireNonNull(plan.definition().spec().sources().get(SOURCE));
  }

  /** Returns the pipeline that converts and filters flights into stream {@code delayed}. */
  static Pipeline delayed() throws IOException {
    return of(resource("flights-delayed.yaml"));
  }

  /** Returns the batch pipeline that reads and writes in {@code folder}. */
  static Pipeline batch(Path folder) throws IOException {
    return of(resource("flights-batch.yaml").replace("FOLDER", folder.toString()));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Pipeline.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Plans {@code text}. */
  static Pipeline of(String text) {
    ReadResult read = DefinitionReader.read("bench.yaml", text.getBytes(StandardCharsets.UTF_8));
    if (read.definition().isEmpty()) {
      throw new IllegalArgumentException(read.problems().toString());
    }
    PlanResult planned = new Planner().plan(read.definition().get(), read.locations());
    return new Pipeline(
        text,
        planned.plan().orElseThrow(() -> new IllegalArgumentException("" + planned.problems())));
  }
}
