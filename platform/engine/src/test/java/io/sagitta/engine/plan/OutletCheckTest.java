package io.sagitta.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.JdbcSink;
import io.sagitta.definition.ParquetSink;
import io.sagitta.definition.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutletCheckTest {

  @Test
  void plan_streamKeyUnknown_suggestsNearest() {
    refuses(
        late().stream("out", List.of("late"), "orign"),
        "'late' has no column 'orign'. Did you mean 'origin'?");
  }

  @Test
  void plan_jdbcKeyUnknown_suggestsNearest() {
    var sink =
        new JdbcSink(
            List.of("late"), "jdbc:duckdb:", Optional.empty(), Optional.empty(), "t", List.of("d"));
    refuses(
        late().sink("board", sink),
        "'late' has no column 'd'. There are: origin, delay, day, event_time");
  }

  @Test
  void plan_dedupeKeyUnknown_suggestsNearest() {
    refuses(
        late().dedupe("once", "late", "origin", "dely").stream("out", List.of("once")),
        "'late' has no column 'dely'. Did you mean 'delay'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "moth(day) | unknown part of time 'moth'. Did you mean 'month'?",
        "month(dy) | 'late' has no column 'dy'. Did you mean 'day'?",
        "month(delay) | month(…) takes a timestamp or a date, and 'delay' is a int32",
        "hour(day) | hour(…) takes a timestamp, and 'day' is a date",
        "orign | 'late' has no column 'orign'. Did you mean 'origin'?",
      })
  void plan_badPartition_saysWhatAndHow(String partition, String message) {
    refuses(late().sink("lake", parquet(partition)), message);
  }

  @Test
  void plan_goodPartitions_areAccepted() {
    PlannerTest.accepted(
        late().sink("lake", parquet("month(day)", "hour(event_time)", "origin", "year(day)")));
  }

  @Test
  void plan_streamOfUnlikeInputs_saysTheDifference() {
    refuses(
        late().stream("out", List.of("late", "flights")),
        "all inputs must have the same columns in the same order: 'flights' has no 'day'. Put a sql"
            + " stage between that selects them alike");
  }

  @Test
  void plan_streamOfInputsInUnlikeUnits_saysTheDifference() {
    refuses(
        Definitions.flights()
            .clean("a", "flights", Map.of("distance", "km"), Map.of())
            .clean("b", "flights", Map.of("distance", "m"), Map.of())
            .stream("out", List.of("a", "b")),
        "all inputs must have the same columns in the same order: 'distance' is double in km in 'a'"
            + " and double in m in 'b'. Put a sql stage between that selects them alike");
  }

  private static Definitions late() {
    return Definitions.flights()
        .sql(
            "late",
            "flights",
            "SELECT origin, delay, CAST(date AS DATE) AS day FROM flights WHERE delay > 15");
  }

  private static ParquetSink parquet(String... partitionBy) {
    return new ParquetSink(
        List.of("late"), "lake", List.of(partitionBy), 1 << 20, Duration.ofMinutes(1));
  }

  private static void refuses(Definitions definitions, String message) {
    assertThat(definitions.plan().problems()).extracting(Problem::message).containsExactly(message);
  }
}
