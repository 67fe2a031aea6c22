package io.sagitta.cli;

import io.sagitta.connectors.Reach;
import io.sagitta.definition.JdbcSink;
import io.sagitta.definition.JdbcTable;
import io.sagitta.definition.Metadata;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Sink;
import io.sagitta.definition.Spec;
import io.sagitta.definition.Table;
import io.sagitta.engine.Plan;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Resource;
import io.sagitta.service.Secrets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a definition means in this process: relative paths start somewhere, which is {@link #reach},
 * and secrets have values.
 */
final class Here {
  private final Path folder;

  private Here(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Relative paths start in {@code folder}. */
  static Here in(Path folder) {
    return new Here(folder);
  }

  /** Relative paths start in the folder of {@code file}. */
  static Here beside(DefinitionFile file) {
    Path folder = file.path().toAbsolutePath().getParent();
    return new Here(folder == null ? Path.of("") : folder);
  }

  /** Returns what whoever started this process can reach. */
  Reach reach() {
    return Reach.free(folder);
  }

  /** Returns what {@code policy} lets the pipeline {@code of} reach. */
  Reach reach(Policy policy, Metadata of) {
    return Reach.of(
        folder, new Resource.Pipeline(of.tenant(), of.name()), () -> Optional.of(policy));
  }

  /**
   * Returns {@code plan} over the same definition with credentials put in.
   *
   * @throws IllegalArgumentException if a secret is not set; names the variable
   */
  static Plan plan(Plan plan) {
    PipelineDefinition definition = plan.definition();
    Spec spec = definition.spec();
    return new Plan(
        new PipelineDefinition(
            definition.metadata(),
            new Spec(
                spec.mode(),
                spec.priority(),
                spec.pool(),
                spec.parallelism(),
                spec.params(),
                spec.sources(),
                each(spec.tables(), Here::table),
                spec.stages(),
                each(spec.sinks(), Here::sink),
                spec.streams(),
                spec.errors(),
                spec.sla(),
                spec.schedule()),
            definition.tests()),
        plan.chains(),
        plan.schemas(),
        plan.queries());
  }

  /** Returns {@code table} with its credentials put in. */
  static Table table(Table table) {
    return table instanceof JdbcTable jdbc
        ? new JdbcTable(
            jdbc.url(),
            jdbc.user().map(Secrets::resolve),
            jdbc.password().map(Secrets::resolve),
            jdbc.query(),
            jdbc.refresh(),
            jdbc.schema(),
            jdbc.key())
        : table;
  }

  private static Sink sink(Sink sink) {
    return sink instanceof JdbcSink jdbc
        ? new JdbcSink(
            jdbc.inputs(),
            jdbc.url(),
            jdbc.user().map(Secrets::resolve),
            jdbc.password().map(Secrets::resolve),
            jdbc.table(),
            jdbc.key())
        : sink;
  }

  private static <T> Map<String, T> each(Map<String, T> things, UnaryOperator<T> change) {
    Map<String, T> changed = new LinkedHashMap<>();
    things.forEach((name, thing) -> changed.put(name, change.apply(thing)));
    return changed;
  }
}
