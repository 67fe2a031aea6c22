package io.sagitta.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefinitionReaderTest {
  private static final Path VALID = FixturesTest.PIPELINES.resolve("valid");

  @Test
  void read_designExample_holdsEveryOption() throws IOException {
    PipelineDefinition flights = definition("flights-on-time.yaml");
    Spec spec = flights.spec();

    assertThat(flights.metadata().id()).isEqualTo("aviation/flights-on-time");
    assertThat(spec.mode()).isEqualTo(Spec.Mode.STREAMING);
    assertThat(spec.priority()).isEqualTo(Spec.Priority.HIGH);
    assertThat(spec.parallelism()).isEqualTo(4);
    assertThat(spec.params()).containsExactly(Map.entry("region", "us"));
    Source source = named(spec.sources(), "flights");
    assertThat(source.eventTime())
        .contains(
            new EventTime("date", Duration.ofMinutes(1), Optional.of(Duration.ofSeconds(30))));
    assertThat(source.schema().fields().stream().map(Field::name))
        .containsExactly("date", "delay", "distance", "origin", "destination");
    assertThat(source.schema().field("delay"))
        .contains(
            new Field("delay", DataType.of(DataType.Kind.INT32), Optional.of("min"), false, false));
    assertThat(spec.tables().get("airports"))
        .isInstanceOfSatisfying(
            FileTable.class,
            table -> {
              assertThat(table.format()).isEqualTo(Format.CSV);
              assertThat(table.key()).containsExactly("iata");
            });
    assertThat(spec.stages()).containsOnlyKeys("clean", "once", "by_airport", "named");
    assertThat(spec.stages().get("clean"))
        .isEqualTo(
            new CleanStage(
                List.of("flights"),
                Map.of("distance", "km", "delay", "s"),
                Map.of("distance is positive", "distance > 0")));
    assertThat(spec.stages().get("by_airport"))
        .isInstanceOfSatisfying(
            SqlStage.class,
            stage -> {
              assertThat(stage.window())
                  .contains(new Window.Tumbling(Duration.ofHours(1), ZoneId.of("UTC")));
              assertThat(stage.query()).startsWith("SELECT origin").endsWith("GROUP BY origin\n");
            });
    assertThat(spec.sinks().get("lake"))
        .isEqualTo(
            new ParquetSink(
                List.of("once"),
                "lake/flights",
                List.of("month(date)"),
                128L << 20,
                Duration.ofMinutes(5)));
    assertThat(spec.errors()).isEqualTo(ErrorPolicy.DEFAULT);
    assertThat(spec.sla().orElseThrow().freshness())
        .contains(new Sla.Target(Duration.ofSeconds(60), 0.995));
    assertThat(spec.sla().orElseThrow().minRowsPerSecond()).contains(5000L);
    assertThat(flights.tests())
        .singleElement()
        .satisfies(
            test -> {
              assertThat(test.endOfInput()).isTrue();
              assertThat(test.expect().get("clean"))
                  .containsExactly(Map.of("distance", 3501.932544, "delay", 1980L));
            });
  }

  @Test
  void read_batch_holdsSchedule() throws IOException {
    Spec spec = definition("batch-valid.yaml").spec();

    assertThat(spec.schedule())
        .contains(
            new Schedule(
                "5,35 9-17/2 * jan-Mar mon",
                ZoneId.of("Europe/Zurich"),
                Schedule.Catchup.MISSING,
                List.of(new Schedule.After("weather", Duration.ofHours(1)))));
    assertThat(spec.sla().orElseThrow().deadline()).contains(Duration.ofMinutes(45));
    assertThat(spec.errors()).isEqualTo(ErrorPolicy.DEFAULT);
    assertThat(spec.sources().get("orders"))
        .isInstanceOfSatisfying(
            FileSource.class, file -> assertThat(file.format()).isEqualTo(Format.JSON));
  }

  @Test
  void read_batchKeyWithoutWindow_meansTheWholeInput() throws IOException {
    Map<String, Stage> stages = definition("batch-whole-input.yaml").spec().stages();

    assertThat(stages.keySet().stream().filter(name -> window(stages, name).isPresent()))
        .containsExactly("total", "each", "net");
    assertThat(window(stages, "total"))
        .contains(new Window.WholeInput(Window.WholeInput.End.END_OF_INPUT))
        .isEqualTo(window(stages, "each"))
        .isEqualTo(window(stages, "net"));
  }

  private static Optional<Window> window(Map<String, Stage> stages, String name) {
    return stages.get(name) instanceof SqlStage sql ? sql.window() : Optional.empty();
  }

  @Test
  void read_steps_keepsTheirOrderAndTypes() throws IOException {
    DefinitionTest test = definition("tests-steps-valid.yaml").tests().get(0);

    assertThat(test.endOfInput()).isFalse();
    assertThat(test.given())
        .extracting(step -> step.getClass().getSimpleName())
        .containsExactly("Rows", "Tick", "Rows", "Rows", "Idle", "Tick", "End");
    assertThat(test.given().get(5))
        .isEqualTo(new DefinitionTest.Tick(Instant.parse("2001-01-01T01:00:00Z")));
    var names = ((DefinitionTest.Rows) test.given().get(0)).rows();
    assertThat(names.get(0)).containsEntry("name", "yes").containsEntry("id", 1L);
    assertThat(names.get(1)).containsEntry("name", null);
    var prices = ((DefinitionTest.Rows) test.given().get(3)).rows();
    assertThat(prices.get(0)).containsEntry("price", new BigDecimal("12345678901234567890.25"));
    assertThat(prices.get(1)).containsEntry("price", 1.5);
    assertThat(prices.get(2)).containsEntry("id", new BigDecimal("99999999999999999999"));
    assertThat(named(test.expect(), "both").get(0))
        .containsEntry("price", Double.POSITIVE_INFINITY)
        .containsEntry("name", "yes");
  }

  @Test
  void read_params_becomeLiteralsAndNames() throws IOException {
    Spec spec = definition("params-valid.yaml").spec();

    assertThat(((FileSource) named(spec.sources(), "orders")).path())
        .isEqualTo("data/in-2001/*.csv");
    assertThat(((CleanStage) named(spec.stages(), "clean")).expect())
        .containsEntry("rate is good", "rate > CAST('0.001' AS DOUBLE)");
    assertThat(((SqlStage) named(spec.stages(), "some")).query())
        .isEqualTo(
            "SELECT * FROM clean WHERE region = 'o''hare' AND id -(-5) > 0"
                + " AND day = CAST('2001-02-28' AS DATE) AND true"
                + " AND note <> '${1} isn''t $ a param'\n");
  }

  @Test
  void read_environment_setsWhatItMay() throws IOException {
    Spec spec = definition("environment.yaml").spec();

    assertThat(spec.parallelism()).isEqualTo(8);
    assertThat(spec.pool()).isEqualTo("big");
    assertThat(spec.params()).containsEntry("region", "eu").containsEntry("least", "7");
    assertThat(spec.sinks().get("base"))
        .isInstanceOfSatisfying(
            JdbcSink.class,
            sink -> {
              assertThat(sink.user()).contains("${secret:prod/board/user}");
              assertThat(sink.password()).contains("${secret:board/password}");
            });
  }

  @Test
  void read_oversize_isRefused() {
    byte[] text = " ".repeat((1 << 20) + 1).getBytes(StandardCharsets.UTF_8);

    assertThat(DefinitionReader.read("big.yaml", text).problems())
        .singleElement()
        .hasToString(
            "big.yaml:1:1: the file has 1,048,577 bytes; it may have at most 1,048,576."
                + " Split it");
  }

  @Test
  void read_byteOrderMark_isTaken() {
    String text = "\uFEFFapiVersion: sagitta/v2\n";

    assertThat(DefinitionReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8)).problems())
        .first()
        .extracting(Problem::column)
        .isEqualTo(1);
  }

  @Test
  void errorInText_anyStyle_pointsAtTheVeryCharacter() {
    String text =
        """
        spec:
          stages:
            block:
              query: |
                SELECT a,
                  wrong FROM t
            folded:
              query: >-
                SELECT a,
                wrong FROM t
            double: {query: "SELECT \\"a\\"\\t, \\u0077rong FROM t"}
            single: {query: 'SELECT ''x'', wrong FROM t'}
            plain: {query: SELECT a
                wrong FROM t}
            param: {type: sql, query: "SELECT ${param:long} + ${param:other}, wrong FROM t"}
          params:
            long: {type: string, default: a much longer text than the reference}
            other: {type: int64, default: 1}
        """;
    Locations places =
        DefinitionReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8)).locations();

    assertThat(wrong(places, "block", "SELECT a,\n  wrong FROM t\n")).isEqualTo("6:11");
    assertThat(wrong(places, "folded", "SELECT a, wrong FROM t")).isEqualTo("10:9");
    assertThat(wrong(places, "double", "SELECT \"a\"\t, wrong FROM t")).isEqualTo("11:38");
    assertThat(wrong(places, "single", "SELECT 'x', wrong FROM t")).isEqualTo("12:36");
    assertThat(wrong(places, "plain", "SELECT a wrong FROM t")).isEqualTo("14:9");
    String meant = "SELECT 'a much longer text than the reference' + 1, wrong FROM t";
    assertThat(wrong(places, "param", meant)).isEqualTo("15:71");
    assertThat(at(places, "param", meant, meant.indexOf("longer"))).isEqualTo("15:39");
  }

  @Test
  void read_characterOfTwoCodeUnitsAnywhere_isText() throws IOException {
    String valid = Files.readString(VALID.resolve("batch-valid.yaml"));
    for (int before = 1_000; before < 1_050; before++) {
      for (String after : List.of("\n" + valid, "")) {
        String text = "#" + "a".repeat(before) + "\uD83D\uDE00" + after;
        ReadResult result = DefinitionReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8));
        assertThat(result.definition().isPresent())
            .as("%d before", before)
            .isEqualTo(!after.isEmpty());
      }
    }
  }

  private static <T> T named(Map<String, T> values, String name) {
    return Optional.ofNullable(values.get(name)).orElseThrow();
  }

  private static String wrong(Locations places, String stage, String text) {
    return at(places, stage, text, text.indexOf("wrong"));
  }

  private static String at(Locations places, String stage, String text, int offset) {
    Problem problem = places.errorInText("spec.stages." + stage + ".query", text, offset, "wrong");
    return problem.line() + ":" + problem.column();
  }

  private static PipelineDefinition definition(String name) throws IOException {
    return FixturesTest.read(VALID, name).definition().orElseThrow();
  }
}
