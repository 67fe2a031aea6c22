package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import io.sagitta.definition.yaml.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of a pipeline file, as they are written. */
record PipelineFile(
    @Option(
            name = "apiVersion",
            doc = "The version of this format",
            example = "sagitta/v1",
            choices = "sagitta/v1")
        String apiVersion,
    @Option(doc = "What the file defines", example = "Pipeline", choices = "Pipeline") String kind,
    @Option(doc = "Who the pipeline is") Metadata metadata,
    @Option(doc = "What the pipeline does") SpecKeys spec,
    @Option(doc = "The definition's own tests, run by `sagitta test`") List<TestKeys> tests) {

  /** The keys of {@code spec}. */
  record SpecKeys(
      @Option(doc = "Whether it runs for ever or over a bounded input", example = "streaming")
          Spec.Mode mode,
      @Option(doc = "Who goes first where runs wait", defaultValue = "medium")
          Spec.Priority priority,
      @Option(
              doc = "The group of nodes that runs it",
              defaultValue = "default",
              syntax = Syntax.NAME)
          String pool,
      @Option(
              doc = "Partitions of each source topic and exchange",
              defaultValue = "1",
              min = 1,
              max = 1024)
          int parallelism,
      @Option(
              doc = "Values that ${param:name} stands for in query, expect and path",
              example = "{region: {type: string, default: us}}",
              keys = Syntax.IDENTIFIER)
          Map<String, Param> params,
      @Option(
              doc = "Where rows come in, by name",
              example = "{flights: {type: http, schema: {origin: {type: string}}}}",
              keys = Syntax.IDENTIFIER,
              required = true)
          Map<String, Source> sources,
      @Option(
              doc = "Reference data that queries join, by name",
              example =
                  "{airports: {type: file, path: airports.csv, schema: {iata: {type: string}}, key: iata}}",
              keys = Syntax.IDENTIFIER)
          Map<String, Table> tables,
      @Option(
              doc = "What happens to rows, by name",
              example =
                  "{late: {type: sql, inputs: [flights], query: SELECT * FROM flights WHERE delay > 15}}",
              keys = Syntax.IDENTIFIER)
          Map<String, Stage> stages,
      @Option(
              doc = "Where rows go in other systems, by name",
              example = "{lake: {type: parquet, inputs: [flights], path: lake/flights}}",
              keys = Syntax.IDENTIFIER)
          Map<String, Sink> sinks,
      @Option(
              doc = "Results that readers outside can ask for, by name",
              example = "{punctuality: {inputs: [by_airport], key: [origin], retain: 7d}}",
              keys = Syntax.IDENTIFIER)
          Map<String, Stream> streams,
      @Option(doc = "What happens when something fails") ErrorPolicy errors,
      @Option(
              doc = "What the pipeline promises; it is checked, but nothing acts on it yet",
              example = "{latency: {threshold: 5s, objective: 0.99}}")
          Optional<Sla> sla,
      @Option(
              doc = "When it runs; batch only; it is checked, but nothing acts on it yet",
              example = "{cron: \"5 * * * *\"}")
          Optional<Schedule> schedule) {

    /** Returns what is meant; {@code meant} are the stages with what they leave out. */
    Spec toSpec(
        Map<String, String> paramValues, Environment environment, Map<String, Stage> meant) {
      return new Spec(
          mode,
          priority,
          environment.pool().orElse(pool),
          environment.parallelism().orElse(parallelism),
          paramValues,
          sources,
          tables,
          meant,
          sinks,
          streams,
          errors,
          sla,
          schedule);
    }
  }

  /** The keys of one test. */
  record TestKeys(
      @Option(doc = "What the test shows", example = "miles become kilometres") String name,
      @Option(
              doc =
                  "What happens: rows by source, table or stage; or a list of steps, where order"
                      + " across sources, idleness or time matters",
              example = "{flights: [{distance: 2176}]}",
              schema = TestSchemas.GIVEN)
          YamlNode given,
      @Option(
              doc = "Whether every source ends after the last step, so that all windows close",
              defaultValue = "true")
          boolean endOfInput,
      @Option(
              doc =
                  "Rows by stage or stream, or of `late` and `quarantined`; a row need not name"
                      + " every column",
              example = "{clean: [{distance: 3501.932544}]}",
              schema = TestSchemas.EXPECT)
          YamlNode expect) {}
}
