package io.sagitta.cli;

import io.sagitta.definition.FileSource;
import io.sagitta.definition.FileTable;
import io.sagitta.definition.JdbcSink;
import io.sagitta.definition.JdbcTable;
import io.sagitta.definition.ParquetSink;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Sink;
import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.definition.Table;
import io.sagitta.engine.Plan;
import io.sagitta.service.Secrets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a definition means in this process: relative paths start somewhere, secrets have values. */
final class Here {
  private static final String DUCKDB = "jdbc:duckdb:";

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

  /**
   * Returns {@code plan} over the same definition with paths and credentials put in.
   *
   * @throws IllegalArgumentException if a secret is not set; names the variable
   */
  Plan plan(Plan plan) {
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
                each(spec.sources(), this::source),
                each(spec.tables(), this::table),
                spec.stages(),
                each(spec.sinks(), this::sink),
                spec.streams(),
                spec.errors(),
                spec.sla(),
                spec.schedule()),
            definition.tests()),
        plan.chains(),
        plan.schemas(),
        plan.queries());
  }

  /** Returns {@code table} with its path and credentials put in. */
  Table table(Table table) {
    if (table instanceof FileTable file) {
      return new FileTable(path(file.path()), file.format(), file.schema(), file.key());
    }
    return table instanceof JdbcTable jdbc
        ? new JdbcTable(
            url(jdbc.url()),
            jdbc.user().map(Secrets::resolve),
            jdbc.password().map(Secrets::resolve),
            jdbc.query(),
            jdbc.refresh(),
            jdbc.schema(),
            jdbc.key())
        : table;
  }

  private Source source(Source source) {
    return source instanceof FileSource file
        ? new FileSource(
            path(file.path()),
            file.format(),
            file.follow(),
            file.schema(),
            file.eventTime(),
            file.key())
        : source;
  }

  private Sink sink(Sink sink) {
    if (sink instanceof ParquetSink parquet) {
      return new ParquetSink(
          parquet.inputs(),
          path(parquet.path()),
          parquet.partitionBy(),
          parquet.rollBytes(),
          parquet.rollAfter());
    }
    return sink instanceof JdbcSink jdbc
        ? new JdbcSink(
            jdbc.inputs(),
            url(jdbc.url()),
            jdbc.user().map(Secrets::resolve),
            jdbc.password().map(Secrets::resolve),
            jdbc.table(),
            jdbc.key())
        : sink;
  }

  private String path(String path) {
    return folder.resolve(path).normalize().toString();
  }

  /** A DuckDB URL holds a path too. */
  private String url(String url) {
    return url.startsWith(DUCKDB) && url.length() > DUCKDB.length()
        ? DUCKDB + path(url.substring(DUCKDB.length()))
        : url;
  }

  private static <T> Map<String, T> each(Map<String, T> things, UnaryOperator<T> change) {
    Map<String, T> changed = new LinkedHashMap<>();
    things.forEach((name, thing) -> changed.put(name, change.apply(thing)));
    return changed;
  }
}
